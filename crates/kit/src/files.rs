//! Files of a network, on disk or on S3: one interface, through `object_store`.

use std::path::Path as DiskPath;
use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::db::Id;
use crate::error::{Error, Result};

/// The store of files.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Opens `file:PATH` or `s3://bucket`, the latter with the usual `AWS_…` variables.
    pub fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("file:") {
            let path = DiskPath::new(path);
            std::fs::create_dir_all(path).map_err(Error::bug)?;
            let store = LocalFileSystem::new_with_prefix(path).map_err(Error::bug)?;
            return Ok(Self(Arc::new(store.with_automatic_cleanup(true))));
        }
        // Installed once per process; a second time is refused and changes nothing.
        drop(rustls::crypto::ring::default_provider().install_default());
        let store = AmazonS3Builder::from_env().with_url(url).build().map_err(Error::bug)?;
        Ok(Self(Arc::new(store)))
    }

    /// Stores bytes under a new name that tells nothing, and returns it. The network is part of the name.
    pub async fn put(&self, network: Id, bytes: Bytes) -> Result<String> {
        let name = format!("{network}/{}", crate::chance::token());
        self.0.put(&Path::from(name.as_str()), bytes.into()).await.map_err(Error::bug)?;
        Ok(name)
    }

    /// The bytes stored under a name, of this network only.
    pub async fn get(&self, network: Id, name: &str) -> Result<Bytes> {
        if !name.starts_with(&format!("{network}/")) || name.contains("..") {
            return Err(Error::NotFound);
        }
        match self.0.get(&Path::from(name)).await {
            Ok(found) => found.bytes().await.map_err(Error::bug),
            Err(object_store::Error::NotFound { .. }) => Err(Error::NotFound),
            Err(error) => Err(Error::bug(error)),
        }
    }

    pub async fn delete(&self, network: Id, name: &str) -> Result<()> {
        if !name.starts_with(&format!("{network}/")) {
            return Err(Error::NotFound);
        }
        match self.0.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::bug(error)),
        }
    }
}

/// What a file is by its first bytes, where they tell; nothing that a browser would run keeps its declared type.
pub fn told_type(bytes: &[u8], declared: &str) -> String {
    const KNOWN: [(&[u8], &str); 9] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
        (b"{\\rtf", "application/rtf"),
        (b"MZ", "application/x-msdownload"),
        (b"\x7fELF", "application/x-executable"),
    ];
    let told = KNOWN.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, media)| *media);
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match told {
        // Office files are archives: the declared type says which.
        Some("application/zip") if declared.starts_with("application/vnd.") => declared.to_owned(),
        Some("application/x-ole-storage") if declared.starts_with("application/") => declared.to_owned(),
        Some(told) => told.to_owned(),
        None if webp => "image/webp".to_owned(),
        None if declared.starts_with("image/") || declared.is_empty() => {
            "application/octet-stream".to_owned()
        }
        None if declared.contains("html") || declared.contains("xml") || declared.contains("script") => {
            "text/plain".to_owned()
        }
        None => declared.to_owned(),
    }
}

/// A file name without directories and signs that systems read otherwise.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String =
        last.chars().filter(|c| !c.is_control() && !"<>:\"|?*".contains(*c)).take(120).collect();
    let kept = kept.trim().trim_start_matches('.').to_owned();
    if kept.is_empty() { "piece-jointe".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    /// What every store must do.
    async fn keeps_each_network_apart(files: &Files) {
        let (one, other) = (Id::new(Timestamp(1)), Id::new(Timestamp(2)));
        let large = Bytes::from(vec![7; 3 << 20]);
        let name = files.put(one, large.clone()).await.expect("stored");
        assert_eq!(files.get(one, &name).await.expect("read back"), large);
        for (network, asked) in [(other, name.as_str()), (one, "nowhere"), (one, &format!("{one}/../{name}"))]
        {
            assert!(matches!(files.get(network, asked).await, Err(Error::NotFound)), "{asked}");
        }
        assert!(matches!(files.delete(other, &name).await, Err(Error::NotFound)));
        files.delete(one, &name).await.expect("deleted");
        files.delete(one, &name).await.expect("deleting again is no fault");
        assert!(matches!(files.get(one, &name).await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn a_disk_keeps_files_of_each_network_apart() {
        let dir = std::env::temp_dir().join(format!("esplanade-files-{}", crate::chance::token()));
        keeps_each_network_apart(&Files::open(&format!("file:{}", dir.display())).expect("opened")).await;
        std::fs::remove_dir_all(dir).expect("removed");
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "tests are told their server by the environment")]
    async fn an_s3_bucket_keeps_files_of_each_network_apart() {
        // Without a server there is nothing to try: `scripts/s3.sh` brings one.
        let Ok(url) = std::env::var("ESPLANADE_TEST_S3") else { return };
        keeps_each_network_apart(&Files::open(&url).expect("opened")).await;
    }
}
