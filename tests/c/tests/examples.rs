//! The examples of `adapters/c`: compiled as their comments say, and run.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
use std::process::{Command, Output};

use xobito_c_tests::header::library;
use xobito_c_tests::tools::{archive, compile, fresh, host, output};
use xobito_sandbox::{Config, DEFAULT_TOKEN, Fault, Sandbox, numbers};

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn on_a_host_with_libcurl_a_message_is_sent_and_followed_over_verified_https() {
    let place = fresh("host");
    let program = place.join("send");
    compile(
        "cc",
        [
            "-std=c99".into(),
            "-D_POSIX_C_SOURCE=200809L".into(),
            example("host/send.c"),
            include(),
            archive(&host()),
            "-lcurl".into(),
            "-o".into(),
            program.clone(),
        ],
    );
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let ca_file = place.join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem()).unwrap();
    let base_url = sandbox.base_url();
    let authority = base_url
        .trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap()
        .replace("127.0.0.1", "localhost");
    let send = |token: &str, recipient: &str, trusted: bool| {
        let mut command = Command::new(&program);
        command.env("XOBITO_TOKEN", token).args([
            &authority,
            "demo",
            recipient,
            "Freezer 3: -3 °C",
        ]);
        if trusted {
            command.arg(&ca_file);
        }
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        let said = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        assert!(!said.contains(token), "the token must not be shown: {said}");
        (status.code(), said)
    };

    let (code, said) = send(DEFAULT_TOKEN, "+14155551234", true);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("accepted as wamid."), "{said}");
    assert!(said.ends_with("delivered\n"), "{said}");
    let posts = sandbox
        .messages()
        .into_iter()
        .filter(|received| received.method == "POST" && received.accepted);
    assert_eq!(posts.count(), 1);

    let (code, said) = send("apitk_wrong", "+14155551234", true);
    assert_eq!(
        (code, said.as_str()),
        (
            Some(1),
            "the message: token (HTTP 401): Invalid API token\n"
        )
    );
    let (code, said) = send(DEFAULT_TOKEN, "+12025550122", true);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("the message: rate-limited (HTTP 429)"),
        "{said}"
    );
    assert!(said.ends_with("; again in 45 s\n"), "{said}");
    let (code, said) = send(DEFAULT_TOKEN, "+12025550111", true);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("the message: window-closed (HTTP 422)"),
        "{said}"
    );
    let (_, said) = send(
        DEFAULT_TOKEN,
        &numbers::for_fault(Fault::ResetBeforeAnswer).unwrap(),
        true,
    );
    assert_eq!(said, "the message: connection-lost (HTTP 0)\n");
    let (code, said) = send(DEFAULT_TOKEN, "0041", true);
    assert_eq!(code, Some(2));
    assert!(said.contains("a phone number is"), "{said}");
    // A certificate of a root that this computer does not know: no byte of the request leaves.
    let received = sandbox.messages().len();
    let (code, said) = send(DEFAULT_TOKEN, "+14155551234", false);
    assert_eq!(
        (code, said.as_str()),
        (Some(1), "the message: certificate (HTTP 0)\n")
    );
    assert_eq!(sandbox.messages().len(), received);
}

/// What each Arm archive is linked for, with the options that firmware for it has.
const ARM: [(&str, &[&str]); 6] = [
    ("thumbv6m-none-eabi", &["-mcpu=cortex-m0"]),
    ("thumbv7m-none-eabi", &["-mcpu=cortex-m3"]),
    ("thumbv7em-none-eabi", &["-mcpu=cortex-m4"]),
    (
        "thumbv7em-none-eabihf",
        &["-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
    ),
    ("thumbv8m.main-none-eabi", &["-mcpu=cortex-m33+nofp"]),
    (
        "thumbv8m.main-none-eabihf",
        &["-mcpu=cortex-m33", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"],
    ),
];

#[test]
#[ignore = "needs the archives: cargo xtask test"]
fn on_bare_metal_requests_are_built_and_stored_answers_read() {
    let place = fresh("cortex-m");
    for (target, options) in ARM {
        let image = place.join(target);
        let mut arguments: Vec<PathBuf> = options.iter().map(PathBuf::from).collect();
        arguments.extend(
            [
                "-std=c99",
                "-mthumb",
                "-Os",
                "-ffreestanding",
                "-nostartfiles",
            ]
            .map(PathBuf::from),
        );
        arguments.extend(
            [
                "-ffunction-sections",
                "-fdata-sections",
                "-Wl,--gc-sections",
            ]
            .map(PathBuf::from),
        );
        arguments.extend(["-T".into(), example("cortex-m/link.ld"), include()]);
        arguments.extend(["main.c", "startup.c"].map(|file| example("cortex-m").join(file)));
        arguments.extend([archive(target), "-o".into(), image.clone()]);
        compile("arm-none-eabi-gcc", arguments);
        let machine = match target {
            "thumbv7m-none-eabi" => "mps2-an385",
            "thumbv7em-none-eabi" | "thumbv7em-none-eabihf" => "mps2-an386",
            // That it links is all that is seen of the others: QEMU has no such board with this memory.
            _ => continue,
        };
        let mut qemu = Command::new("qemu-system-arm");
        qemu.args([
            "-M", machine, "-display", "none", "-monitor", "none", "-serial", "none",
        ])
        .args(["-chardev", "stdio,id=console", "-semihosting-config"])
        .args(["enable=on,target=native,chardev=console", "-kernel"])
        .arg(&image);
        let said = output(&mut qemu);
        println!("{target}: {}", said.lines().next_back().unwrap());
        let expected = "accepted as wamid.HBgLMTQx\nrefused: message_body is required\nsending\n\
                        asking after wamid.HBgLMTQx\ndelivered\nflash of the library in this program: ";
        assert!(said.contains(expected), "{said}");
        assert!(
            said.starts_with("POST /api/v1/acme/messages/send HTTP/1.1\r\n"),
            "{said}"
        );
    }
}

fn example(file: &str) -> PathBuf {
    library().join("examples").join(file)
}

fn include() -> PathBuf {
    format!("-I{}", library().join("include").display()).into()
}
