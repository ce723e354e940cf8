//! A load over real connections: as little code as measures honestly.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Connections that ask at once.
const CONNECTIONS: usize = 16;

/// Serves on a free port of this machine, in this process.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
    });
    address
}

/// What is asked of a server, again and again.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    pub path: &'a str,
    /// With the cookie of an unknown session nothing kept in memory is served: the page is rendered anew.
    pub anew: bool,
}

impl Ask<'_> {
    fn request(self) -> String {
        let cookie = if self.anew { "cookie: esplanade_session=unknown\r\n" } else { "" };
        format!("GET {} HTTP/1.1\r\nhost: drome.test\r\naccept-encoding: gzip\r\n{cookie}\r\n", self.path)
    }
}

/// Requests answered per second.
pub async fn load(address: &SocketAddr, ask: Ask<'_>, during: Duration) -> f64 {
    let until = Instant::now() + during;
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (address, request) = (*address, ask.request());
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let mut buffer = Vec::with_capacity(1 << 17);
            let mut answered = 0u32;
            while Instant::now() < until {
                exchange(&mut stream, request.as_bytes(), &mut buffer).await;
                answered += 1;
            }
            answered
        }));
    }
    let mut all = 0;
    for task in tasks {
        all += task.await.unwrap();
    }
    f64::from(all) / during.as_secs_f64()
}

/// Bytes of one answer, headers included.
pub async fn size(address: &SocketAddr, ask: Ask<'_>) -> usize {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut buffer = Vec::new();
    exchange(&mut stream, ask.request().as_bytes(), &mut buffer).await;
    buffer.len()
}

async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) {
    stream.write_all(request).await.unwrap();
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.unwrap();
        assert!(read > 0, "the server closed the connection");
        if is_whole(buffer) {
            assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer[..40]));
            return;
        }
    }
}

/// Whether the answer has come to its end, by its length or by its last chunk.
fn is_whole(buffer: &[u8]) -> bool {
    let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
    match head.split("content-length: ").nth(1).and_then(|t| t.split("\r\n").next()) {
        Some(length) => buffer.len() >= end + 4 + length.trim().parse::<usize>().unwrap(),
        None => buffer.ends_with(b"\r\n0\r\n\r\n"),
    }
}
