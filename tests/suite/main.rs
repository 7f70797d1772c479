mod keys;
mod screens;
