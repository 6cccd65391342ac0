//! ropeway-package
