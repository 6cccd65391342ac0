//! A name alone stands for the champion, else for the newest version: then whoever asks should know why that one is no
//! champion.

use crate::alias::CHAMPION;
use crate::version::Version;

impl Version {
    /// What to say to someone who asked for `reference` and got this version: something where the bare name of its model
    /// stands for it though it is not the champion.
    pub fn warning(&self, reference: &str) -> Option<String> {
        if reference != self.model || self.aliases.iter().any(|alias| alias == CHAMPION) {
            return None;
        }
        let gate = |passed| self.gates.iter().find(|gate| gate.passed == passed).map(|gate| &gate.that);
        let why = match (self.sample, gate(Some(false)), gate(None)) {
            (true, ..) => "it learned from a sample".to_string(),
            (false, Some(gate), _) => format!("its gate `{gate}` said no"),
            (false, None, Some(gate)) => format!("its gate `{gate}` is open until `ropeway run --final`"),
            (false, None, None) => "nobody made it champion".to_string(),
        };
        let (model, version) = (&self.model, self.version);
        Some(format!("`{model}` has no champion, so its newest version {version} answers, and {why}"))
    }
}
