//! ropeway-learn
