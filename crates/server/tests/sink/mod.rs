//! A mail server that takes everything and remembers what it took, and when it had answered nothing yet.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What was taken: the recipient and the `Message-ID`, in the order of arrival.
#[derive(Clone, Default)]
pub struct Sink {
    pub port: u16,
    taken: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sink {
    /// Listens on a free port. Between taking a message and saying so, it lets some time pass: the moment in which a
    /// sender that dies leaves it unknown whether its message left.
    pub fn open(hesitation: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let taken = sink.taken.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let taken = taken.clone();
                // Whoever is killed closes in the middle of a sentence.
                std::thread::spawn(move || drop(serve(&stream, &taken, hesitation)));
            }
        });
        sink
    }

    pub fn taken(&self) -> Vec<(String, String)> {
        self.taken.lock().unwrap().clone()
    }

    /// Waits until so many recipients were reached.
    pub fn until(&self, recipients: usize, patience: Duration) {
        let start = Instant::now();
        loop {
            let mut reached: Vec<String> = self.taken().into_iter().map(|(to, _)| to).collect();
            reached.sort();
            reached.dedup();
            if reached.len() >= recipients {
                return;
            }
            assert!(start.elapsed() < patience, "only {} of {recipients} were reached", reached.len());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn serve(
    stream: &TcpStream,
    taken: &Mutex<Vec<(String, String)>>,
    hesitation: Duration,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut answer = stream;
    let mut lines = BufReader::new(stream).lines();
    answer.write_all(b"220 sink ESMTP\r\n")?;
    let mut recipient = String::new();
    while let Some(line) = lines.next() {
        let line = line?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match verb.as_str() {
            "RCPT" => {
                recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                answer.write_all(b"250 2.1.5 fine\r\n")?;
            }
            "DATA" => {
                answer.write_all(b"354 go on\r\n")?;
                let (mut id, mut is_whole) = (String::new(), false);
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        is_whole = true;
                        break;
                    }
                    if id.is_empty() && line.to_lowercase().starts_with("message-id:") {
                        id = line[11..].trim().to_owned();
                    }
                }
                if !is_whole {
                    // Who sent it died in the middle: no server takes half a message.
                    return Ok(());
                }
                taken.lock().unwrap().push((recipient.clone(), id));
                std::thread::sleep(hesitation);
                answer.write_all(b"250 2.0.0 taken\r\n")?;
            }
            "QUIT" => return answer.write_all(b"221 bye\r\n"),
            _ => answer.write_all(b"250 fine\r\n")?,
        }
    }
    Ok(())
}
