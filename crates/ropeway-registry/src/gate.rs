//! Gates: statements about a scorecard that must hold before a version may be `champion`, for example
//! `holdout.average_precision.low >= 0.40`.

use ropeway_stat::{Estimate, Metric};
use ropeway_vocab::{Problem, Result, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{GateOutcome, Scorecard};

/// A gate as the project file states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateSettings {
    /// What must hold: `validation` or `holdout`, a metric, `value`, `low` or `high` (the ends of its 95%
    /// interval), compared with a number by `>=`, `>`, `<=`, `<` or `==`. Example:
    /// `holdout.average_precision.low >= 0.40`. A gate on the holdout needs `ropeway run --final`.
    pub that: String,
}

/// A gate that was understood.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gate {
    part: Part,
    metric: Metric,
    figure: Figure,
    comparison: Comparison,
    bound: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Validation,
    Holdout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Value,
    Low,
    High,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    AtMost,
    Equal,
    Above,
    Below,
}

const PARTS: [(&str, Part); 2] = [("validation", Part::Validation), ("holdout", Part::Holdout)];
const FIGURES: [(&str, Figure); 3] = [("value", Figure::Value), ("low", Figure::Low), ("high", Figure::High)];
/// The longer spellings stand first, so that `>=` is not read as `>`.
const COMPARISONS: [(&str, Comparison); 5] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("==", Comparison::Equal),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];
const EXAMPLE: &str = "write it like `holdout.average_precision.low >= 0.40`";

/// Says whether all gates can be understood and ask for what is measured.
///
/// # Errors
/// `Invalid` for the first that cannot, with the nearest known word.
pub fn check_gates(gates: &[GateSettings], measured: &[Metric]) -> Result<()> {
    gates.iter().try_for_each(|gate| {
        let metric = Gate::parse(&gate.that)?.metric;
        if measured.contains(&metric) {
            return Ok(());
        }
        let names: Vec<&str> = measured.iter().map(|metric| metric.name()).collect();
        Err(Problem::invalid("gate", format!("gate `{}`: `{metric}` is not measured of this task", gate.that))
            .remedy(format!("what is measured: {}", names.join(", "))))
    })
}

/// Holds the gates against the figures. A gate on the holdout is neither passed nor failed until the holdout
/// was opened; a figure that is not a number, or was not measured, passes no gate.
///
/// # Errors
/// `Invalid` for a gate that cannot be understood.
pub fn evaluate(
    gates: &[GateSettings],
    validation: &Scorecard,
    holdout: Option<&Scorecard>,
) -> Result<Vec<GateOutcome>> {
    let outcome = |settings: &GateSettings| {
        let gate = Gate::parse(&settings.that)?;
        let scorecard = match gate.part {
            Part::Validation => Some(validation),
            Part::Holdout => holdout,
        };
        let measured = scorecard.and_then(|scorecard| scorecard.get(&gate.metric)).map(|found| gate.figure.of(found));
        let passed = scorecard.map(|_| measured.is_some_and(|figure| gate.comparison.holds(figure, gate.bound)));
        Ok(GateOutcome { that: settings.that.clone(), passed, measured })
    };
    gates.iter().map(outcome).collect()
}

impl Gate {
    fn parse(that: &str) -> Result<Self> {
        let bad =
            |what: String, remedy: String| Problem::invalid("gate", format!("gate `{that}`: {what}")).remedy(remedy);
        let Some((at, spelling, comparison)) = COMPARISONS
            .iter()
            .filter_map(|(spelling, comparison)| Some((that.find(spelling)?, *spelling, *comparison)))
            .reduce(|first, next| if next.0 < first.0 { next } else { first })
        else {
            return Err(bad("there is no comparison in it".into(), EXAMPLE.into()));
        };
        let (figure, bound) = (&that[..at], that[at + spelling.len()..].trim());
        if let Some(mark) = figure.chars().last().filter(|last| matches!(last, '=' | '!')) {
            let what = format!("`{mark}{spelling}` is not a comparison");
            return Err(bad(what, format!("comparisons are {}", COMPARISONS.map(|(spelling, _)| spelling).join(", "))));
        }
        let words: Vec<&str> = figure.split('.').map(str::trim).collect();
        let [part, metric, figure] = words[..] else {
            let what = format!("`{}` is not a part, a metric and a figure with points between", figure.trim());
            return Err(bad(what, EXAMPLE.into()));
        };
        let known = |word: &str, what: &str, words: &[&str]| {
            let remedy = match nearest(word, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", words.join(", ")),
            };
            bad(format!("{what} `{word}` is not known"), remedy)
        };
        Ok(Self {
            part: find(&PARTS, part).ok_or_else(|| known(part, "part", &PARTS.map(|(name, _)| name)))?,
            metric: Metric::all()
                .find(|known| known.name() == metric)
                .ok_or_else(|| known(metric, "metric", &Metric::all().map(Metric::name).collect::<Vec<_>>()))?,
            figure: find(&FIGURES, figure).ok_or_else(|| known(figure, "figure", &FIGURES.map(|(name, _)| name)))?,
            comparison,
            bound: bound
                .parse()
                .ok()
                .filter(|bound: &f64| bound.is_finite())
                .ok_or_else(|| bad(format!("`{bound}` is not a number"), EXAMPLE.into()))?,
        })
    }
}

fn find<T: Copy>(known: &[(&str, T)], word: &str) -> Option<T> {
    known.iter().find(|(name, _)| *name == word).map(|(_, meaning)| *meaning)
}

impl Figure {
    const fn of(self, estimate: &Estimate) -> f64 {
        match self {
            Self::Value => estimate.value,
            Self::Low => estimate.low,
            Self::High => estimate.high,
        }
    }
}

impl Comparison {
    /// False where the figure is not a number.
    fn holds(self, figure: f64, bound: f64) -> bool {
        match self {
            Self::AtLeast => figure >= bound,
            Self::AtMost => figure <= bound,
            Self::Equal => figure == bound,
            Self::Above => figure > bound,
            Self::Below => figure < bound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scorecard(low: f64) -> Scorecard {
        [(Metric::AveragePrecision, Estimate { value: low + 0.1, low, high: low + 0.2 })].into()
    }

    fn check(that: &str, expect: Option<bool>) {
        let gates = [GateSettings { that: that.into() }];
        let holdout = (!that.starts_with("holdout?")).then(|| scorecard(0.5));
        let outcomes = evaluate(&gates, &scorecard(0.25), holdout.as_ref()).unwrap();
        assert_eq!(outcomes.iter().map(|outcome| outcome.passed).collect::<Vec<_>>(), [expect], "{that}");
    }

    #[test]
    fn compares_each_figure_of_either_part() {
        check("validation.average_precision.low >= 0.25", Some(true));
        check("validation.average_precision.low>0.25", Some(false));
        check("validation . average_precision . low <= 0.25", Some(true));
        check("validation.average_precision.low < 2.5e-1", Some(false));
        check("validation.average_precision.low == 0.25", Some(true));
        check("holdout.average_precision.high >= 0.7", Some(true));
        check("holdout.average_precision.value < 0.6", Some(false));
        check("holdout.average_precision.value > -1", Some(true));
    }

    #[test]
    fn a_gate_on_the_holdout_stays_open_until_the_holdout_is_opened() {
        let gates = [GateSettings { that: "holdout.average_precision.low >= 0.4".into() }];
        let outcomes = evaluate(&gates, &scorecard(0.9), None).unwrap();
        assert_eq!((outcomes[0].passed, outcomes[0].measured), (None, None));
        let json = serde_json::to_string(&outcomes).unwrap();
        assert_eq!(json, r#"[{"that":"holdout.average_precision.low >= 0.4","passed":null}]"#);
    }

    #[test]
    fn what_is_no_number_or_was_not_measured_passes_nothing() {
        for comparison in ["<", "<=", ">", ">=", "=="] {
            let gates = [GateSettings { that: format!("validation.average_precision.low {comparison} 0.4") }];
            assert_eq!(evaluate(&gates, &scorecard(f64::NAN), None).unwrap()[0].passed, Some(false));
            assert_eq!(evaluate(&gates, &Scorecard::new(), None).unwrap()[0].passed, Some(false));
        }
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_the_nearest_word() {
        let refuse = |that: &str, expect: &str| {
            let problem = check_gates(&[GateSettings { that: that.into() }], &Metric::BINARY).unwrap_err();
            assert!(problem.to_string().contains(expect), "{that}: {problem}");
        };
        refuse("holdout.average_precison.low >= 0.4", "did you mean `average_precision`?");
        refuse("hold_out.average_precision.low >= 0.4", "did you mean `holdout`?");
        refuse("holdout.average_precision.lo >= 0.4", "did you mean `low`?");
        refuse("holdout.average_precision >= 0.4", "write it like");
        refuse("holdout.average_precision.low = 0.4", "no comparison");
        refuse("holdout.average_precision.low >= high", "`high` is not a number");
        refuse("holdout.average_precision.low >= NaN", "`NaN` is not a number");
        refuse("holdout.average_precision.low => 0.4", "`=>` is not a comparison");
        refuse("holdout.average_precision.low >>= 0.4", "`>= 0.4` is not a number");
        refuse("holdout.average_precision.low >== 0.4", "`= 0.4` is not a number");
        refuse("holdout.rmse.high <= 4", "not measured of this task");
        refuse("", "no comparison");
        refuse("é>é", "not a part");
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(serde_json::from_str::<GateSettings>(r#"{"that": "x", "then": "y"}"#).is_err());
    }
}
