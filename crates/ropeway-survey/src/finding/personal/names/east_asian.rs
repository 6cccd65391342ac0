//! Names in Chinese characters, kana and Hangul: the family in front, with a blank behind it or without one.

use super::lists::{CHINESE, ENDINGS_OF_THINGS, JAPANESE, KOREAN};
use super::{Form, Name};

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '々' | '﨑')
}

const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fc}')
}

/// Hiragana as katakana, in which the list has what is written so.
fn katakana(text: &str) -> String {
    const APART: u32 = 0x60;
    let one = |c: char| match c {
        '\u{3041}'..='\u{3096}' => char::from_u32(c as u32 + APART).unwrap_or(c),
        _ => c,
    };
    text.chars().map(one).collect()
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text up to so many characters, and from there.
fn cut(text: &str, at: usize) -> Option<(&str, &str)> {
    text.char_indices().nth(at).map(|(byte, _)| text.split_at(byte))
}

/// Family and given name, where a blank parts them.
fn parted(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split_whitespace();
    Some((parts.next()?, parts.next()?)).filter(|_| parts.next().is_none())
}

fn is_thing(text: &str) -> bool {
    text.chars().next_back().is_some_and(|last| ENDINGS_OF_THINGS.contains(last.encode_utf8(&mut [0; 4]) as &str))
}

/// The name in Chinese characters or kana.
pub(super) fn read(text: &str, han: Form) -> Option<Name> {
    let letters = |c: char| is_han(c) || is_kana(c) || c.is_whitespace() || c == '・';
    if !text.chars().all(letters) || is_thing(text) {
        return None;
    }
    match han {
        Form::Japanese => japanese(text),
        _ => chinese(text),
    }
}

fn chinese(text: &str) -> Option<Name> {
    let bare: String = text.split_whitespace().collect();
    let begins = |count: usize| cut(&bare, count).is_some_and(|(family, _)| CHINESE.contains(family));
    let double = begins(2);
    let long = if double { 3..=4 } else { 2..=3 };
    let written = bare.chars().all(is_han) && text.split_whitespace().count() <= 2 && long.contains(&length(&bare));
    written.then(|| Name { form: Form::Chinese, known: double || begins(1) })
}

fn japanese(text: &str) -> Option<Name> {
    let name = |known: bool| Some(Name { form: Form::Japanese, known });
    if let Some((family, given)) = parted(text) {
        let written = [family, given].iter().all(|part| (1..=5).contains(&length(part)));
        return name(JAPANESE.contains(katakana(family).as_str())).filter(|_| written);
    }
    // Where no blank stands between them, a family of one character begins any word.
    let known = |count: &usize| cut(text, *count).is_some_and(|(family, _)| JAPANESE.contains(family));
    let family = [3, 2].into_iter().find(known);
    let given = length(text) - family.unwrap_or(0);
    let characters = text.chars().take(2).all(is_han) && parted(text).is_none();
    name(family.is_some() && (1..=3).contains(&given)).filter(|_| characters && (3..=6).contains(&length(text)))
}

/// The name in Hangul: nearly all have three syllables.
pub(super) fn read_korean(text: &str) -> Option<Name> {
    let bare: String = text.split_whitespace().collect();
    let written = bare.chars().all(|c| matches!(c, '\u{ac00}'..='\u{d7a3}')) && text.split_whitespace().count() <= 2;
    let begins = |count: usize| cut(&bare, count).is_some_and(|(family, _)| KOREAN.contains(family));
    let known = match length(&bare) {
        3 => begins(1) || begins(2),
        4 => begins(2),
        _ => return None,
    };
    written.then_some(Name { form: Form::Korean, known })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_stand_in_front() {
        let known = |text: &str, han: Form| read(text, han).is_some_and(|name| name.known);
        for name in ["山田 太郎", "山田太郎", "佐々木　花子", "長谷川健", "林 愛", "ヤマダ タロウ", "すずき はなこ"]
        {
            assert!(known(name, Form::Japanese), "{name}");
        }
        for other in ["山口市", "山口県", "大阪", "福島", "鈴木商店", "山本製作所", "東京タワー", "林檎"]
        {
            assert!(!known(other, Form::Japanese), "{other}");
        }
        for name in ["王伟", "李小龙", "欧阳修", "張 偉", "司马相如"] {
            assert!(known(name, Form::Chinese), "{name}");
        }
        for other in ["北京", "上海", "马鞍山市", "白酒", "黄瓜", "高级", "李宁运动鞋", "王"] {
            assert!(!known(other, Form::Chinese), "{other}");
        }
        let korean = |text: &str| read_korean(text).is_some_and(|name| name.known);
        assert!(korean("김철수") && korean("이 영희") && korean("남궁민수") && korean("황보민"));
        assert!(!korean("서울") && !korean("냉장고") && !korean("세탁기") && !korean("김치찌개"));
    }
}
