//! The batch (批次).
