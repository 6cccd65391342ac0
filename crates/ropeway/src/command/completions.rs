//! `ropeway completions SHELL`.

use clap_complete::Shell;
use ropeway_vocab::Result;

use crate::cli::definition;
use crate::exit::Exit;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway completions bash > ~/.local/share/bash-completion/completions/ropeway
  ropeway completions zsh > \"${fpath[1]}/_ropeway\"
  ropeway completions fish > ~/.config/fish/completions/ropeway.fish")]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub fn run(args: &Args, output: &Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "ropeway", &mut script);
    output.text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
