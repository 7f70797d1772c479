//! Who the user is, as the operating system knows it.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The programs that ask every list of users the system has, those of other computers among them; with their arguments before
/// the number. Our own program is linked statically and could ask the file alone.
const ASKED: [(&str, &[&str]); 2] = [("/usr/bin/getent", &["passwd"]), ("/usr/bin/id", &["-un"])];

/// A list that does not answer for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The user, as documents name them and as they sign entries of the audit chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemUser {
    pub name: String,
    /// The name with the system's number; with a question mark where only the environment claims it.
    pub signature: String,
}

/// Gives the user. The name is the system's; where no list of it has the number, what the environment claims, of which `var`
/// gives the variables.
pub fn user(var: impl Fn(&str) -> Option<OsString>) -> SystemUser {
    let me = rustix::process::getuid().as_raw();
    told(me, listed(me).or_else(|| asked(me)), &var)
}

fn told(me: u32, known: Option<String>, var: &dyn Fn(&str) -> Option<OsString>) -> SystemUser {
    let claimed = || ["USER", "LOGNAME"].iter().find_map(|key| var(key)?.into_string().ok()).filter(|n| !n.is_empty());
    let (name, signature) = match known {
        Some(name) => (name.clone(), format!("{name} ({me})")),
        None => match claimed() {
            Some(name) => (name.clone(), format!("{name}? ({me})")),
            None => (me.to_string(), format!("({me})")),
        },
    };
    SystemUser { name, signature }
}

/// Finds a number in the system's own file.
fn listed(me: u32) -> Option<String> {
    name_in(&fs::read_to_string("/etc/passwd").unwrap_or_default(), me)
}

fn name_in(list: &str, me: u32) -> Option<String> {
    let me = me.to_string();
    list.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next().filter(|name| !name.is_empty())?;
        (parts.nth(1)? == me).then(|| name.to_string())
    })
}

/// Asks the system's programs for the name of a number.
fn asked(me: u32) -> Option<String> {
    ASKED.iter().filter(|(program, _)| Path::new(program).exists()).find_map(|(program, arguments)| {
        let answer = answer(Command::new(program).args(*arguments).arg(me.to_string()))?;
        match name_in(&answer, me) {
            Some(name) => Some(name),
            // The second gives the name alone, or the number where there is none.
            None => Some(answer.trim())
                .filter(|n| !n.is_empty() && !n.contains(':') && *n != me.to_string())
                .map(String::from),
        }
    })
}

/// Gives what a program answers; nothing where it fails or takes too long.
fn answer(command: &mut Command) -> Option<String> {
    let quiet = command.env_clear().stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
    let mut child = quiet.spawn().ok()?;
    let start = Instant::now();
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if start.elapsed() < PATIENCE => sleep(Duration::from_millis(2)),
            _ => break false,
        }
    };
    if !ended {
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let mut text = String::new();
    child.stdout.take()?.take(4096).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_only_the_environment_claims_is_marked_and_the_number_always_stands() {
        let var = |name: &str| (name == "USER").then(|| OsString::from("boss"));
        let of = |name: &str, signature: &str| SystemUser { name: name.into(), signature: signature.into() };
        assert_eq!(told(1000, Some("wang".into()), &var), of("wang", "wang (1000)"));
        assert_eq!(told(40_001, None, &var), of("boss", "boss? (40001)"));
        assert_eq!(told(40_001, None, &|_| None), of("40001", "(40001)"));
    }

    #[test]
    fn a_name_is_found_by_its_number_and_a_list_that_stalls_is_not_waited_for() {
        let list = "root:x:0:0:root:/root:/bin/sh\n:x:7:\nwang:x:1000:1000::/home/wang:/bin/sh\n";
        assert_eq!((name_in(list, 1000).as_deref(), name_in(list, 7), name_in(list, 100)), (Some("wang"), None, None));
        assert_eq!(answer(Command::new("/bin/sh").args(["-c", "echo wang"])).as_deref(), Some("wang\n"));
        assert_eq!(answer(Command::new("/bin/sh").args(["-c", "exit 2"])), None);
        let start = Instant::now();
        assert_eq!(answer(Command::new("/bin/sh").args(["-c", "exec sleep 60"])), None);
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}
