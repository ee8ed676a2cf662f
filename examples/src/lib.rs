//! Runnable programs, one question each; see the files beside this folder.
