//! Who may be champion, and who is when a champion falls.

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_vocab::{Instant, Kind, Problem, Result};

use crate::alias::{self, CHAMPION};
use crate::outcome::all_passed;
use crate::{GateOutcome, version};

/// Refuses a version that learned from a sample, or of which a gate does not say yes.
pub(crate) fn may_be_champion(model: &str, version: u64, sample: bool, gates: &[GateOutcome]) -> Result<()> {
    let refuse = |why: String, remedy: &str| {
        let what = format!("version {version} of `{model}` cannot be champion: {why}");
        Err(Problem::new(Kind::Refused, "not-champion", what).remedy(remedy))
    };
    if sample {
        return refuse("it learned from a sample".into(), "run without `--sample`");
    }
    if let Some(failed) = gates.iter().find(|gate| gate.passed == Some(false)) {
        return refuse(format!("its gate `{}` failed", failed.that), "choose a version whose gates passed");
    }
    match gates.iter().find(|gate| gate.passed.is_none()) {
        Some(open) => {
            refuse(format!("its gate `{}` is open", open.that), "open the holdout with `ropeway run --final`")
        }
        None => Ok(()),
    }
}

/// Takes `champion` from a version, for the reason `why`. The version that was champion last before it, is no sample and
/// has passed all its gates takes over; where there is none, nobody is champion.
pub(crate) async fn fall_back(
    tx: &mut SqliteConnection,
    model: i64,
    from: u64,
    why: &str,
    now: Instant,
) -> Result<Option<u64>> {
    let earlier: Vec<i64> = sqlx::query_scalar(
        "SELECT version FROM registry_alias_move WHERE model = ? AND alias = ? AND version <> ? ORDER BY id DESC",
    )
    .bind(model)
    .bind(CHAMPION)
    .bind(from.cast_signed())
    .fetch_all(&mut *tx)
    .await
    .doing("reading the champions")?;
    let mut heir = None;
    for number in earlier.into_iter().map(i64::cast_unsigned) {
        let found = version::read(tx, model, number).await?;
        if !found.sample && all_passed(&found.gates) {
            heir = Some(number);
            break;
        }
    }
    alias::record(tx, model, CHAMPION, heir, Some(why), now).await?;
    Ok(heir)
}
