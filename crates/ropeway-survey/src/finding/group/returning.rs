//! What comes back in new rows, by the names of columns: places, products, kinds. Whoever has a table of these has all there are.

use crate::finding::entity::names_place;
use crate::finding::words::plain_words;

/// As they are written without accents, in the languages of the exports that people have.
const RETURNING: [&str; 9] = [
    // English
    "country nation city town village state province region county district area zone zip postcode postal category class type kind \
     group segment cluster brand model make maker manufacturer product item sku article material color colour code currency language \
     genre department sector industry occupation job profession course team league species breed carrier airline airport origin \
     destination dest route line flight channel campaign source browser diagnosis icd drug supplier vendor shop store plan neighborhood \
     neighbourhood street symbol ticker level",
    // German
    "land staat stadt ort gemeinde bundesland kreis bezirk stadtteil plz postleitzahl kategorie klasse typ art gruppe marke modell \
     hersteller produkt artikel ware warengruppe farbe beruf branche abteilung sprache waehrung strecke linie diagnose lieferant",
    // French
    "pays ville commune departement categorie classe groupe marque modele fabricant produit article couleur langue metier secteur \
     devise fournisseur quartier",
    // Spanish and Portuguese
    "pais ciudad cidade provincia municipio barrio bairro estado categoria clase classe tipo grupo marca modelo fabricante producto \
     produto articulo artigo color cor idioma moneda moeda profesion profissao sector setor proveedor",
    // Italian
    "paese citta comune provincia regione categoria classe tipo gruppo marca modello prodotto articolo colore lingua valuta settore \
     fornitore quartiere",
    // Dutch, Polish, Czech
    "stad gemeente provincie postcode categorie soort merk kleur taal beroep leverancier kraj miasto wojewodztwo kategoria rodzaj marka \
     produkt kolor jezyk zawod mesto obec okres znacka barva",
    // Swedish, Turkish
    "stad kommun lan kategori klass typ maerke modell produkt faerg ulke sehir il ilce marka urun renk dil meslek",
    // Russian
    "страна город область регион район категория класс тип вид группа марка модель товар продукт цвет язык профессия отрасль индекс",
    // Chinese, Japanese, Korean
    "国家 國家 城市 省份 省 地区 地區 区域 类别 類別 类型 類型 品牌 型号 型號 产品 產品 商品 颜色 顏色 国 都道府県 市区町村 地域 カテゴリ \
     カテゴリー 種類 分類 ブランド メーカー 製品 色 국가 도시 지역 카테고리 종류 분류 브랜드 제품 상품",
];

/// Whether the name says that it is of these.
pub(super) fn names_returning(name: &str) -> bool {
    let words = plain_words(name);
    let listed = |word: &String| RETURNING.iter().any(|list| list.split_ascii_whitespace().any(|own| own == word));
    names_place(name) || words.iter().any(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_products_and_kinds_come_back() {
        for name in ["country_code", "Bundesland", "modèle", "Ciudad", "zip", "модель", "カテゴリ", "店舗", "dest"]
        {
            assert!(names_returning(name), "{name}");
        }
        for name in ["q7", "patient", "ref", "x1", "пациент", "患者"] {
            assert!(!names_returning(name), "{name}");
        }
    }
}
