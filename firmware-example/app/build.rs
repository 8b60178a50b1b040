//! Reads the settings, checks them with the types that will use them, and hands them to the compiler.
//!
//! A mistake in them is found here, on the desk, and not by a device in the field.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde::Deserialize;
use xobito_core::{Account, E164, Request, message::TemplateMessage};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    host: String,
    subdomain: String,
    token: String,
    recipient: String,
    roots: Vec<PathBuf>,
    time_server: Option<String>,
    template: Option<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    name: String,
    language: String,
}

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    println!("cargo::rerun-if-env-changed=XOBITO_SETTINGS");
    let file = match env::var_os("XOBITO_SETTINGS") {
        Some(file) => workspace.join(file),
        None => workspace.join("firmware-example/settings.toml"),
    };
    println!("cargo::rerun-if-changed={}", file.display());
    if let Err(error) = translate(&file) {
        let error = error.to_string().replace('\n', " ");
        println!("cargo::error={}: {error}", file.display());
    }
}

fn translate(file: &Path) -> Result<(), Box<dyn Error>> {
    let settings: Settings = toml::from_str(&fs::read_to_string(file)?)?;
    check(&settings)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let mut roots = String::new();
    for (number, der) in read_roots(file, &settings.roots)?.iter().enumerate() {
        let name = format!("root-{number}.der");
        fs::write(out.join(&name), der)?;
        write!(
            roots,
            "include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")),"
        )?;
    }
    let Settings {
        host,
        subdomain,
        token,
        recipient,
        ..
    } = &settings;
    let template = settings.template.as_ref();
    let template = template.map(|template| (&template.name, &template.language));
    let time_server = settings.time_server.as_deref().unwrap_or("pool.ntp.org");
    let built_at_s = built_at_s()?;
    let code = format!(
        "pub(crate) const ACCOUNT: Account<'static> = checked!(Account::new({host:?}, {subdomain:?}, {token:?}));\n\
         pub(crate) const RECIPIENT: E164 = checked!(E164::new({recipient:?}));\n\
         pub(crate) const TEMPLATE: Option<(&str, &str)> = {template:?};\n\
         pub(crate) const ROOTS: &[&[u8]] = &[{roots}];\n\
         #[cfg(feature = \"sntp\")]\n\
         pub(crate) const TIME_SERVER: &str = {time_server:?};\n\
         /// When the settings were built in, in seconds since 1970: it cannot be earlier than that.\n\
         pub const BUILT_AT_S: u32 = {built_at_s};\n"
    );
    Ok(fs::write(out.join("settings.rs"), code)?)
}

/// The time of this build, or what `SOURCE_DATE_EPOCH` says for a build that is to be repeated exactly.
fn built_at_s() -> Result<u64, Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    match env::var("SOURCE_DATE_EPOCH") {
        Ok(epoch) => Ok(epoch.parse()?),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs()),
    }
}

/// What the device will make of them. No message shows the token.
fn check(settings: &Settings) -> Result<(), Box<dyn Error>> {
    Account::new(&settings.host, &settings.subdomain, &settings.token)?;
    let recipient = E164::new(&settings.recipient)
        .map_err(|error| format!("recipient {:?}: {error}", settings.recipient))?;
    if let Some(template) = &settings.template {
        let message = TemplateMessage::new(&recipient, &template.name, &template.language);
        Request::<4096>::new(&message).map_err(|error| format!("template: {error}"))?;
    }
    Ok(())
}

/// The certificates in these files, in DER.
fn read_roots(
    settings: &Path,
    files: &[PathBuf],
) -> Result<Vec<CertificateDer<'static>>, Box<dyn Error>> {
    let folder = settings.parent().unwrap_or(settings);
    let mut roots = Vec::new();
    for file in files.iter().map(|file| folder.join(file)) {
        println!("cargo::rerun-if-changed={}", file.display());
        if !file.exists() {
            println!(
                "cargo::warning={} is missing, so this image trusts one server less (or none); `cargo xtask demo` \
                 makes the sandbox's",
                file.display()
            );
            continue;
        }
        let before = roots.len();
        for certificate in CertificateDer::pem_file_iter(&file)? {
            roots.push(certificate.map_err(|error| format!("{}: {error}", file.display()))?);
        }
        if roots.len() == before {
            return Err(format!("{} holds no certificate in PEM", file.display()).into());
        }
    }
    Ok(roots)
}
