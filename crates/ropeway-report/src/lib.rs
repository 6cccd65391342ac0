//! The page about a run: one file of HTML that loads nothing, runs nothing, and shows what the record has. A pure function of the
//! record; it must never know how a run is executed or where a page is kept.

mod answer;
mod chart;
mod html;
pub mod number;
mod section;
mod table;

use ropeway_run::Recorded;

use html::{Html, paragraph};

/// A part of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    body: Html,
}

/// What a browser may do with the page: show it, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page about a run.
pub fn page(run: &Recorded) -> String {
    let sections: Vec<Section> = section::all(run).into_iter().filter(|section| !section.body.is_empty()).collect();
    let title = format!("{} · run {}", run.report.model.name, run.line.run);
    let head = Html::new()
        .lone("meta", &[("charset", "utf-8")])
        .lone("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)])
        .lone("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
        .lone("meta", &[("name", "color-scheme"), ("content", "light dark")])
        .tag("title", &[], Html::of(&title))
        .tag("style", &[], Html::own(include_str!("style.css")));
    let links = sections.iter().fold(Html::new(), |links, section| {
        let link = Html::new().tag("a", &[("href", &format!("#{}", section.id))], Html::of(section.title));
        links.tag("li", &[], link)
    });
    let main = sections.into_iter().fold(Html::new(), |main, section| {
        let heading = Html::new().tag("h2", &[("id", section.id)], Html::of(section.title));
        main.tag("section", &[("aria-labelledby", section.id)], heading.add(section.body))
    });
    let body = Html::new()
        .tag("a", &[("class", "skip"), ("href", "#main")], Html::of("To the content"))
        .tag("header", &[], answer::head(run))
        .tag("nav", &[("aria-label", "Sections")], Html::new().tag("ul", &[], links))
        .tag("main", &[("id", "main")], main)
        .tag("footer", &[], paragraph("", format!("Written by ropeway from the record of run {}.", run.line.run)));
    let page = Html::new().tag("html", &[("lang", "en")], Html::new().tag("head", &[], head).tag("body", &[], body));
    format!("<!DOCTYPE html>\n{}\n", page.into_text())
}
