//! The program: the demo in the background, other commands beside it.

use std::{
    io::{BufRead as _, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::Books;

/// A running demo.
pub(crate) struct Demo {
    pub(crate) folder: PathBuf,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    seen: Vec<String>,
}

impl Demo {
    /// On free ports, fast, with half a minute before the second campaign.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = program()
            .args(["demo", "--exit-when-done", "--listen", "127.0.0.1:0", "--inbox", "127.0.0.1:0"])
            .args(["--pace", "1000/1s", "--event-after-s", "30", "--keep"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { folder: folder.to_owned(), child, lines, seen: Vec::new() }
    }

    /// The configuration of this demo.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.join("kelisim.toml")
    }

    /// A file of its folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    /// What the database says.
    pub(crate) async fn books(&self) -> Books {
        Books::open(&self.config()).await
    }

    /// Reads what it prints up to a line with this text; one that was printed already counts.
    pub(crate) fn line_with(&mut self, text: &str) -> String {
        if let Some(line) = self.seen.iter().find(|line| line.contains(text)) {
            return line.clone();
        }
        loop {
            let Some(line) = self.lines.next() else {
                panic!("the demo ended without saying {text:?}: {:#?}", self.seen);
            };
            let line = line.unwrap();
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits for its end, which it comes to by itself.
    pub(crate) fn ends_well(&mut self) {
        self.line_with("Stopping");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // One that has ended already is no concern.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs a command on a demo's configuration and gives back what it prints.
pub(crate) fn kelisim(config: &Path, arguments: &[&str]) -> String {
    let output = program().arg("--config").arg(config).args(arguments).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {told}{complaint}");
    told
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_kelisim"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KELISIM_")) {
        program.env_remove(name);
    }
    program
}
