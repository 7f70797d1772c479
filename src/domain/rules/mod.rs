//! The rules (校验规则).
