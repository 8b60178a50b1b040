//! Every `xobito` line that the READMEs show, run as it stands, in a shell.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use xobito_sandbox::DEFAULT_TOKEN;

use crate::{host, sandbox};

/// Runs the lines one after the other against one sandbox. Where a reader would put an id of their own, the last
/// message's stands, and the sandbox for the real server.
fn run(readme: &str) -> usize {
    let sandbox = sandbox();
    let bench = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{}", sandbox.port()));
    fs::create_dir_all(&bench).unwrap();
    fs::write(
        bench.join("answer.json"),
        r#"{"message":"Too many requests","retry_after":45}"#,
    )
    .unwrap();
    fs::write(bench.join("ca.pem"), sandbox.ca_pem()).unwrap();
    // Not every machine keeps a journal.
    let journal = bench.join("journalctl");
    fs::write(&journal, "#!/bin/sh\necho pump 7 stopped\n").unwrap();
    fs::set_permissions(&journal, fs::Permissions::from_mode(0o755)).unwrap();
    let command_folder = Path::new(env!("CARGO_BIN_EXE_xobito")).parent().unwrap();
    let path = format!(
        "{}:{}:{}",
        bench.display(),
        command_folder.display(),
        env::var("PATH").unwrap_or_default()
    );
    let mut id = String::new();
    let mut count = 0;
    for line in readme.lines().filter_map(|line| line.strip_prefix("$ ")) {
        if !line.contains("xobito ") || line.starts_with("cargo ") || line.starts_with("export ") {
            continue;
        }
        let words = line.split(' ').map(|word| {
            if word.starts_with("wamid.") {
                &*id
            } else {
                word
            }
        });
        let script = words
            .collect::<Vec<_>>()
            .join(" ")
            .replace("/etc/bash_completion.d/", "./")
            .replace(
                "doctor dash.xobito.com",
                &format!("doctor {} --ca-file ca.pem", host(&sandbox)),
            );
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&bench)
            .env("PATH", &path)
            .env("XOBITO_HOST", host(&sandbox))
            .env("XOBITO_SUBDOMAIN", "demo")
            .env("XOBITO_TOKEN", DEFAULT_TOKEN)
            .env("SSL_CERT_FILE", bench.join("ca.pem"))
            .output()
            .unwrap();
        let said =
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let expected = i32::from(line.contains("explain --status 429"));
        assert_eq!(output.status.code(), Some(expected), "{script}\n{said}");
        if let Some(accepted) = said.lines().find_map(|line| line.strip_prefix("accepted ")) {
            accepted.clone_into(&mut id);
        }
        count += 1;
    }
    count
}

#[test]
fn every_command_of_this_readme_does_what_it_shows() {
    assert!(run(include_str!("../../README.md")) >= 10);
}

#[test]
fn every_command_of_the_workspaces_readme_does_what_it_shows() {
    assert!(run(include_str!("../../../../README.md")) >= 3);
}
