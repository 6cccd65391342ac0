//! Drives the built binary from outside, as a user or a script does.

#[cfg(test)]
mod accept;
#[cfg(test)]
mod accept_parity;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod champion;
#[cfg(test)]
mod changed_settings;
#[cfg(test)]
mod check_suspects;
#[cfg(test)]
mod clean;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod damaged;
#[cfg(test)]
mod explain_key;
#[cfg(test)]
mod explained;
#[cfg(test)]
mod failing_values;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod init;
#[cfg(test)]
mod init_countries;
#[cfg(test)]
mod init_dates;
#[cfg(test)]
mod init_ends;
#[cfg(test)]
mod init_files;
#[cfg(test)]
mod init_forms;
#[cfg(test)]
mod init_groups;
#[cfg(test)]
mod init_keys;
#[cfg(test)]
mod init_later;
#[cfg(test)]
mod init_leak_words;
#[cfg(test)]
mod init_leaks;
#[cfg(test)]
mod init_lookups;
#[cfg(test)]
mod init_odd;
#[cfg(test)]
mod init_repeats;
#[cfg(test)]
mod init_said;
#[cfg(test)]
mod init_spellings;
#[cfg(test)]
mod init_tails;
#[cfg(test)]
mod init_totals;
#[cfg(test)]
mod interrupt;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod little_memory;
#[cfg(test)]
mod look_around;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod mails;
#[cfg(test)]
mod meaning;
#[cfg(test)]
mod over;
#[cfg(test)]
mod parents;
#[cfg(test)]
mod people;
#[cfg(test)]
mod predict;
#[cfg(test)]
mod predict_columns;
#[cfg(test)]
mod predict_forms;
#[cfg(test)]
mod predict_messy;
#[cfg(test)]
mod predict_passes;
#[cfg(test)]
mod predict_sheets;
#[cfg(test)]
mod predict_sources;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod project_file;
#[cfg(test)]
mod query;
#[cfg(test)]
mod random_project;
#[cfg(test)]
mod rare;
#[cfg(test)]
mod read_only;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod recipe;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod report;
#[cfg(test)]
mod rewritten;
#[cfg(test)]
mod ropeway;
#[cfg(test)]
mod same_reading;
#[cfg(test)]
mod served;
#[cfg(test)]
mod server;
#[cfg(test)]
mod server_browser;
#[cfg(test)]
mod server_columns;
#[cfg(test)]
mod server_hostile;
#[cfg(test)]
mod server_lists;
#[cfg(test)]
mod server_metrics;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod shown;
#[cfg(test)]
mod source_forms;
#[cfg(test)]
mod spelled_sources;
#[cfg(test)]
mod splits;
#[cfg(test)]
mod stopped;
#[cfg(test)]
mod strange_values;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod telling;
#[cfg(test)]
mod transformed;
#[cfg(test)]
mod weights;
#[cfg(test)]
mod wide;
#[cfg(test)]
mod wrong_settings;
