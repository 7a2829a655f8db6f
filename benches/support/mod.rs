//! What the benches stand on: a folder with a configuration, the real binary, and what it costs.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Ticks of `/proc/PID/stat` in a second: `sysconf(_SC_CLK_TCK)` on every Linux of today.
const TICKS_PER_S: f64 = 100.0;
/// How often a running process is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// What a process cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// User and system time, in seconds.
    pub cpu_s: f64,
    /// The most memory it held at once, in MB.
    pub memory_mb: f64,
}

/// Runs to the end and looks at what it costs.
pub fn measured(command: &mut Command) -> Cost {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program starts");
    let mut cost = Cost { wall: Duration::ZERO, cpu_s: 0.0, memory_mb: 0.0 };
    let status = loop {
        look(child.id(), &mut cost);
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        thread::sleep(LOOK);
    };
    assert!(status.success(), "{command:?} failed");
    Cost { wall: began.elapsed(), ..cost }
}

fn look(pid: u32, cost: &mut Cost) {
    if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
        // Behind the name in brackets; user and system time are fields 14 and 15 of all.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
        cost.cpu_s = cost.cpu_s.max((ticks(11) + ticks(12)) / TICKS_PER_S);
    }
    if let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = peak.and_then(|text| text.trim().trim_end_matches(" kB").parse::<f64>().ok());
        cost.memory_mb = cost.memory_mb.max(kb.unwrap_or(0.0) / 1024.0);
    }
}

/// A folder in which the real binary works.
pub struct Workplace {
    folder: tempfile::TempDir,
    database: String,
    /// Where its server listens on loopback.
    pub http_port: u16,
}

impl Workplace {
    /// With a fresh configuration for `database` (a URL) and a relay on loopback.
    pub fn new(database: &str, relay_port: u16, is_signed: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = Self { folder, database: database.to_owned(), http_port: free_port() };
        place.run(&["init"]);
        let mut config = fs::read_to_string(place.path("kelisim.toml")).expect("init wrote it");
        if is_signed {
            place.run(&["dkim", "generate", "--domain", "cpm.kz", "--out", "."]);
            config.push_str(&signing(place.folder.path()));
        }
        fs::write(place.path("kelisim.toml"), config).expect("writable");
        fs::write(place.path("relay"), relay_port.to_string()).expect("writable");
        fs::write(place.path("policy.txt"), "Құпиялық саясаты").expect("writable");
        place.run(&["policy", "publish", "policy.txt", "--language", "kk", "--kind", "material"]);
        place
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with these arguments, in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kelisim"));
        let port = fs::read_to_string(self.path("relay")).unwrap_or_else(|_| "25".to_owned());
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env_remove("KELISIM_TEST_POSTGRES_URL")
            .env("KELISIM_DATABASE_URL", &self.database)
            .env("KELISIM_LISTEN", format!("127.0.0.1:{}", self.http_port))
            .env("KELISIM_PUBLIC_URL", format!("http://127.0.0.1:{}", self.http_port))
            .env("KELISIM_SMTP_URL", format!("smtp://127.0.0.1:{port}?tls=none"))
            .env("KELISIM_SMTP_RATE", "100000/1s")
            .env("KELISIM_SMTP_CONNECTIONS", "16")
            .env("KELISIM_SMTP_MESSAGES_PER_CONNECTION", "10000")
            .env("KELISIM_LOG_FILTER", "warn");
        command
    }

    /// Runs the binary; it must succeed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let done = self.command(arguments).output().expect("the binary starts");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let complained = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "kelisim {arguments:?} failed:\n{said}\n{complained}");
        said
    }
}

impl Workplace {
    /// A file of people in random order, each with one evidenced consent.
    pub fn write_people(&self, rows: u32) {
        let mut file = BufWriter::new(File::create(self.path("people.csv")).expect("writable"));
        let columns = "email,name,given_name,language,consent_news,consent_source,consent_given_at,\
            policy_version";
        writeln!(file, "{columns}").expect("writable");
        for row in 0..rows {
            // Odd, so it is a permutation of 32-bit numbers: every address once, in no order.
            let n = row.wrapping_mul(2_654_435_761);
            writeln!(
                file,
                "p{n}@example.kz,Айгүл Сейтқали {row},Айгүл,kk,yes,Тіркелу формасы,2026-03-01,1"
            )
            .expect("writable");
        }
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0");
    listener.and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// `[[dkim]]` for the key files in a folder.
fn signing(folder: &Path) -> String {
    let files = fs::read_dir(folder).expect("readable").filter_map(io::Result::ok);
    let keys = files.filter_map(|file| {
        let name = file.file_name().into_string().ok()?;
        let selector = name.strip_suffix(".pem")?.split('.').next()?.to_owned();
        Some(format!(
            "\n[[dkim]]\ndomain = \"cpm.kz\"\nselector = \"{selector}\"\nkey_file = \"{name}\"\n"
        ))
    });
    keys.collect()
}

/// Makes a fresh database and gives its URL.
pub type FreshUrl = Box<dyn Fn() -> String>;

/// The databases to measure: SQLite always; PostgreSQL if `KELISIM_TEST_POSTGRES_URL` names a
/// server, in a database made for each run.
pub fn databases() -> Vec<(&'static str, FreshUrl)> {
    let mut all: Vec<(&'static str, FreshUrl)> =
        vec![("SQLite", Box::new(|| "sqlite://kelisim.db".to_owned()))];
    match std::env::var("KELISIM_TEST_POSTGRES_URL") {
        Ok(server) => all.push(("PostgreSQL", Box::new(move || fresh_postgres(&server)))),
        Err(_) => {
            println!("PostgreSQL is left out: set KELISIM_TEST_POSTGRES_URL to measure it too");
        }
    }
    all
}

fn fresh_postgres(server: &str) -> String {
    let nanos = std::process::id();
    let name = format!("kelisim_bench_{nanos}_{}", Instant::now().elapsed().as_nanos() + next());
    let made =
        Command::new("psql").args([server, "-qc", &format!("CREATE DATABASE {name}")]).status();
    assert!(made.is_ok_and(|status| status.success()), "psql could not make a database");
    match server.rsplit_once('/') {
        Some((base, _)) => format!("{base}/{name}"),
        None => format!("{server}/{name}"),
    }
}

fn next() -> u128 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A number from the environment, such as a size.
pub fn number(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
