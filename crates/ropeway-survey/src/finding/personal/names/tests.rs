//! Whole names in columns whose own name says nothing, in several languages, beside what is written alike and is no person.

use crate::Code;
use crate::finding::personal::tests::{found, one_of, personal};

fn words(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).collect()
}

/// Values of two lists, put together.
fn both<'a>(first: &'a str, between: &'a str, last: &'a str) -> impl Fn(u64) -> String + 'a {
    move |row| format!("{}{between}{}", one_of(&words(first), row, 4), one_of(&words(last), row, 5))
}

const VIETNAMESE: (&str, &str) = (
    "Nguyễn,Trần,Lê,Phạm,Hoàng,Phan,Vũ,Đặng,Bùi,Đỗ",
    "Văn An,Thị Hoa,Minh Tuấn,Thu Hà,Quang Huy,Thị Lan,Đức Long,Ngọc Mai",
);
const JAPANESE: (&str, &str) = (
    "佐藤,鈴木,高橋,田中,伊藤,渡辺,山本,中村,鬼頭,四方,御手洗,小鳥遊,東海林,勅使河原",
    "太郎,花子,健一,美咲,翔太,陽子,大輔,愛,誠,直樹",
);
const CHINESE: (&str, &str) = ("王,李,张,刘,陈,杨,赵,黄,周,吴,仉,欧阳", "伟,芳,娜,秀英,敏,静,丽,强,磊,军,洋,艳红");
const KOREAN: (&str, &str) = ("김,이,박,최,정,강,조,윤", "민준,서연,도윤,지우,하준,서현,지훈,수빈");
const ARABIC: (&str, &str) =
    ("محمد,فاطمة,أحمد,زينب,علي,عائشة,حسن,مريم,خالد,سارة", "محمود,حسن,إبراهيم,يوسف,عبدالله,سالم,عمر,صالح,ناصر,سعيد");

#[test]
fn whole_names_are_known_in_scripts_of_the_world() {
    let pairs = [
        (VIETNAMESE, " "),
        (("Nguyen,Tran,Pham,Le,Hoang,Truong,Huynh,Do", "Van An,Thi Hoa,Minh Tuan,Thu Ha"), " "),
        (JAPANESE, " "),
        (JAPANESE, ""),
        (JAPANESE, "\u{3000}"),
        (("サトウ,スズキ,タカハシ,タナカ,キトウ,シカタ", "タロウ,ハナコ,ケンイチ,ミサキ"), " "),
        (CHINESE, ""),
        (KOREAN, ""),
        (KOREAN, " "),
        (ARABIC, " "),
        (("משה,רחל,דוד,שרה,יעקב,נועה,אורי", "כהן,לוי,מזרחי,פרץ,גולן"), " "),
        (("राजेश,प्रिया,अमित,सुनीता,सुरेश", "शर्मा,पटेल,सिंह,गुप्ता,वर्मा"), " "),
        (("สมชาย,สุดา,วิชัย,มาลี,กมลชนก,ธีรเดช,ปริญญา", "ใจดี,รักไทย,ศรีสุข,ทองคำ,แสงจันทร์"), " "),
        (("Γιώργος,Μαρία,Δημήτρης,Ελένη,Νίκος", "Παπαδόπουλος,Γεωργίου,Οικονόμου,Νικολάου"), " "),
        (("Иванов,Петрова,Смирнов,Кузнецова", "Иван Иванович,Мария Петровна,Олег Юрьевич"), " "),
    ];
    for ((first, last), between) in pairs {
        let value = both(first, between, last);
        for name in ["kontakt", "c7", "field_3", "verantwortlich"] {
            assert!(personal(name, &value), "{name}: {}", value(1));
        }
    }
}

#[test]
fn names_with_the_family_in_front_and_by_initials_are_known() {
    let families = "Smith,Brown,Jones,Taylor,Wilson,Davies,Kowalczyk,Horáková,Grünbichler";
    let initials = "J.,M.,K.,P.,A.,S.,D.,R.,T.,L.";
    for value in [
        both(initials, " ", families),
        both(families, ", ", initials),
        both("SMITH,BROWN,GRÜNBICHLER,OKPARA", " ", "John,Anna,Peter,Maria"),
        both("SMITH,BROWN,DAVIES,JONES", " ", "JOHN,ANNA,PETER,MARIA"),
        both("Kovács,Nagy,Szabó,Tóth,Horváth", " ", "János,Erzsébet,László,Katalin,Zoltán"),
        both("Иванов,Петрова,Кузнецов,Шевченко,Ткачук", " ", "И. И.,А. С.,М.П.,О."),
        both("Wang,Li,Zhang,Chen,Liu,Zhao", " ", "Xiuying,Qiang,Lei,Yang Yang,Junjie"),
    ] {
        assert!(personal("c7", &value), "{}", value(1));
    }
    // Families that no list has, behind any initial.
    let families = "Xylander,Okpewho,Quispe,Mamani,Ubaldi,Zwicky,Ibsgaard,Tshabane,Oyelaran,Wrzos";
    assert!(personal("c7", both("J.,M.,K.,P.,A.,S.,D.,R.,T.,L.", " ", families)));
}

#[test]
fn three_people_are_told_where_all_of_them_are_known() {
    for few in
        ["Hans Müller,Anna Schmidt,Karl Weber", "佐藤 太郎,鈴木 花子,高橋 健一,田中 美咲", "M. Brown,J. Smith,K. Jones"]
    {
        assert!(personal("c7", |row| one_of(&words(few), row, 4)), "{few}");
    }
    for few in ["Martin Guitar,Paul Smith,Blue Note,Best Buy", "Hugo Boss,Best Western"] {
        assert!(!personal("c7", |row| one_of(&words(few), row, 4)), "{few}");
    }
}

#[test]
fn a_column_may_have_names_of_several_languages() {
    let (latin, chinese) = (both("Anna,Peter,Maria,David", " ", "Schmidt,Rossi,Novak"), both(CHINESE.0, "", CHINESE.1));
    let arabic = both(ARABIC.0, " ", ARABIC.1);
    assert!(personal("c7", |row| match row % 3 {
        0 => latin(row),
        1 => chinese(row),
        _ => arabic(row),
    }));
}

#[test]
fn places_goods_firms_and_kinds_are_no_people() {
    let controls = [
        "東京,大阪,名古屋,札幌,福岡,神戸,川崎,京都,仙台,広島,千葉,横浜,新潟,静岡,岡山,熊本",
        "札幌市,川崎市,松本市,上田市,大野市,小松市,福井県,宮崎県,石川県,福島県,中野区",
        "山本製作所,田中商店,鈴木建設,高橋工業,小林製薬,中村屋,石井酒造,森永乳業",
        "北京,上海,广州,深圳,成都,杭州,武汉,西安,苏州,南京,天津,郑州,长沙,东莞,沈阳,青岛,石家庄,马鞍山",
        "电饭锅,洗衣机,笔记本电脑,苹果,香蕉,牛奶,面包,手机壳,书包,黄瓜,白菜,石榴,毛巾,金龙鱼,高粱酒",
        "高级,中级,初级,特级,未知",
        "方案一,方案二,方案三,方案四,方案五,方案六",
        "서울역,서울숲,서울대,서울집,서울길,서울숲",
        "서울,부산,대구,인천,광주,대전,울산,수원,남양주,의정부,김포,이천",
        "냉장고,세탁기,청소기,선풍기,자전거,전화기,정수기,노트북,텔레비전,고구마,오징어",
        "Hà Nội,Hồ Chí Minh,Đà Nẵng,Hải Phòng,Cần Thơ,Lâm Đồng,Bình Dương,Đồng Nai,Khánh Hòa,Quảng Ninh,Thái Bình,Nghệ An",
        "مكة المكرمة,المدينة المنورة,أبو ظبي,رأس الخيمة,أم القيوين,شرم الشيخ,بور سعيد,خان يونس,كفر الشيخ",
        "תל אביב,באר שבע,רמת גן,פתח תקווה,כפר סבא,בת ים,קריית גת",
        "नई दिल्ली,नवी मुंबई,ग्रेटर नोएडा,पोर्ट ब्लेयर,उत्तर प्रदेश",
        "กรุงเทพ มหานคร,เชียง ใหม่,นครราชสีมา เมือง,สมุทร ปราการ,ขอนแก่น เมือง",
        "Нижний Новгород,Великий Новгород,Старый Оскол,Санкт Петербург,Набережные Челны,Южно-Сахалинск Юг",
        "E. coli,S. aureus,B. subtilis,P. aeruginosa,K. pneumoniae,L. monocytogenes",
        "E. Coli,S. Aureus,B. Subtilis,T. Rex,K. Pneumoniae,H. Sapiens",
        "A. Version,B. Version,C. Version,D. Class,E. Class,F. Type",
        "A. Introduction,B. Methods,C. Results,D. Discussion,E. Conclusion,F. Appendix,G. Index,H. Notes,I. Figures,K. Tables",
        "Vitamin C,Vitamin B,Model T,Model S,Plan A,Plan B,Hall B,Gate C",
        "Saint Martin,Santa Maria,Port Arthur,Fort Collins,San José,Lake Charles,Mount Taylor",
    ];
    for control in controls {
        assert!(!personal("c7", |row| one_of(&words(control), row, 4)), "{control}");
    }
}

#[test]
fn what_is_called_a_thing_may_be_called_after_people() {
    let brands =
        "Hugo Boss,Jim Beam,Calvin Klein,Tommy Hilfiger,Ralph Lauren,Marc Jacobs,Jean Paul Gaultier,Jack Daniels";
    let brand = |row: u64| one_of(&words(brands), row, 4);
    for name in [
        "brand",
        "produkt",
        "marke",
        "wine",
        "modell",
        "hersteller",
        "hotel",
        "school",
        "film",
        "Produktname",
        "bateau",
    ]
    .into_iter()
    .chain(["品牌", "название товара", "rue", "nome do hotel", "ブランド名", "제품명"])
    {
        assert!(!personal(name, brand) && found(Code::MaybePersonal, name, brand), "{name}");
    }
    for name in ["c7", "kontakt", "brand_manager", "hotel_guest", "Produktverantwortlicher", "supplier"] {
        assert!(personal(name, brand) && !found(Code::MaybePersonal, name, brand), "{name}");
    }
    // No thing is called after so many people, and each of them once.
    let families: Vec<String> =
        (0..40).map(|at| format!("{}{}", ["Schm", "Nov", "Ross"][at % 3], ["id", "ak", "er"][at / 3 % 3])).collect();
    let people = |row: u64| {
        let family = &families[(row % 9) as usize];
        let letter = char::from(b'a' + (row / 26 % 26) as u8);
        let other = char::from(b'a' + (row % 26) as u8);
        format!("{} {family}{letter}{other}", one_of(&["Anna", "Peter", "Maria", "David"], row, 4))
    };
    assert!(personal("hersteller", people), "{}", people(30));
    let goods = "Blue Chair,Oak Table,Desk Lamp,Wool Carpet,Glass Shelf";
    assert!(!found(Code::MaybePersonal, "product", |row| one_of(&words(goods), row, 4)));
}
