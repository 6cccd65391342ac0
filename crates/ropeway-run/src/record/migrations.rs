//! The tables of runs. A released step never changes: new ones go behind it.

pub(super) const STEPS: &[&str] = &[
    "
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  started INTEGER NOT NULL,
  finished INTEGER,
  status TEXT NOT NULL,
  final INTEGER NOT NULL,
  sample REAL,
  ropeway TEXT NOT NULL,
  platform TEXT NOT NULL,
  problem TEXT,
  report TEXT
);
CREATE TABLE step (
  run INTEGER NOT NULL REFERENCES run (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  cpu_s REAL NOT NULL, wall_s REAL NOT NULL, peak_mib REAL NOT NULL,
  bytes_read INTEGER NOT NULL, bytes_written INTEGER NOT NULL,
  PRIMARY KEY (run, position)
);
CREATE TABLE part (
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  blob TEXT NOT NULL,
  kept INTEGER NOT NULL,
  PRIMARY KEY (key, name)
) WITHOUT ROWID;
CREATE TABLE trial (
  step TEXT NOT NULL,
  learner TEXT NOT NULL,
  candidate INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  rung INTEGER NOT NULL,
  settings TEXT NOT NULL,
  rounds INTEGER NOT NULL,
  rounds_trained INTEGER NOT NULL,
  value REAL,
  cpu_s REAL NOT NULL, wall_s REAL NOT NULL, peak_mib REAL NOT NULL,
  scores TEXT NOT NULL,
  PRIMARY KEY (step, learner, candidate, fold)
) WITHOUT ROWID;
CREATE TABLE decision (
  step TEXT NOT NULL,
  learner TEXT NOT NULL,
  rung INTEGER NOT NULL,
  skipped TEXT NOT NULL,
  PRIMARY KEY (step, learner, rung)
) WITHOUT ROWID;
",
    "
ALTER TABLE trial ADD COLUMN elapsed_s REAL NOT NULL DEFAULT 0;
",
    "
ALTER TABLE run ADD COLUMN described TEXT;
",
];
