//! The registry's tables. A released step never changes: new ones go behind it.

pub(crate) const STEPS: &[&str] = &[
    "
CREATE TABLE registry_scorecard (
  id INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE registry_figure (
  scorecard INTEGER NOT NULL REFERENCES registry_scorecard (id),
  metric TEXT NOT NULL,
  value REAL,
  low REAL,
  high REAL,
  PRIMARY KEY (scorecard, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_model (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE registry_version (
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES registry_model (id),
  version INTEGER NOT NULL,
  run TEXT NOT NULL,
  digest TEXT NOT NULL,
  package TEXT NOT NULL,
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  registered INTEGER NOT NULL,
  validation INTEGER NOT NULL REFERENCES registry_scorecard (id),
  holdout INTEGER REFERENCES registry_scorecard (id),
  seed INTEGER NOT NULL,
  ropeway TEXT NOT NULL,
  platform TEXT NOT NULL,
  UNIQUE (model, version),
  UNIQUE (model, digest)
) STRICT;
CREATE TABLE registry_source (
  version INTEGER NOT NULL REFERENCES registry_version (id),
  source TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (version, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_file (
  version INTEGER NOT NULL,
  source TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (version, source, position),
  FOREIGN KEY (version, source) REFERENCES registry_source (version, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_gate (
  version INTEGER NOT NULL REFERENCES registry_version (id),
  position INTEGER NOT NULL,
  that TEXT NOT NULL,
  passed INTEGER CHECK (passed IN (0, 1)),
  measured REAL,
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_alias (
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES registry_model (id),
  alias TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  FOREIGN KEY (model, version) REFERENCES registry_version (model, version)
) STRICT;
CREATE TABLE registry_look (
  id INTEGER PRIMARY KEY,
  holdout TEXT NOT NULL,
  model TEXT NOT NULL,
  looked INTEGER NOT NULL,
  scorecard INTEGER NOT NULL REFERENCES registry_scorecard (id),
  UNIQUE (holdout, model)
) STRICT;
",
    "
CREATE TABLE registry_alias_move (
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES registry_model (id),
  alias TEXT NOT NULL,
  version INTEGER,
  changed INTEGER NOT NULL,
  why TEXT,
  FOREIGN KEY (model, version) REFERENCES registry_version (model, version)
) STRICT;
INSERT INTO registry_alias_move (id, model, alias, version, changed)
  SELECT id, model, alias, version, changed FROM registry_alias;
DROP TABLE registry_alias;
",
    "
CREATE TABLE registry_holdout (
  holdout TEXT PRIMARY KEY,
  rows TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_overlap (
  holdout TEXT NOT NULL REFERENCES registry_holdout (holdout),
  other TEXT NOT NULL REFERENCES registry_holdout (holdout),
  PRIMARY KEY (holdout, other)
) STRICT, WITHOUT ROWID;
",
];
