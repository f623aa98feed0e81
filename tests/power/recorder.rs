//! Loaded before the program (`LD_PRELOAD`), stands between it and the disk: everything that changes a file under the folder
//! `RECORDER_ROOT`, and every flush, goes to the journal `RECORDER_JOURNAL` in the order in which it happened.
//!
//! Not a part of the tests' crate: the test compiles it by itself when it runs. A change is noted once it has been made and a
//! flush when it begins and when it has ended, so that the journal never claims more than the disk was told.
use std::{
    env,
    ffi::{CStr, c_char, c_int, c_void},
    mem::transmute,
    os::unix::ffi::OsStrExt,
    ptr,
    sync::{
        OnceLock,
        atomic::{AtomicI32, Ordering},
    },
};

const O_TRUNC: c_int = 0o1000;
const O_CREAT: c_int = 0o100;
const O_WRONLY: c_int = 1;
const O_APPEND: c_int = 0o2000;
const O_CLOEXEC: c_int = 0o2_000_000;
const SEEK_CUR: c_int = 1;
const NEXT: *mut c_void = -1_isize as *mut c_void;

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn readlink(path: *const c_char, into: *mut c_char, size: usize) -> isize;
    fn lseek(fd: c_int, offset: i64, whence: c_int) -> i64;
}

/// The function of that name behind ours.
macro_rules! next {
    ($name:literal, $kind:ty) => {{
        static FOUND: OnceLock<usize> = OnceLock::new();
        let found = *FOUND.get_or_init(|| unsafe { dlsym(NEXT, concat!($name, "\0").as_ptr().cast()) as usize });
        unsafe { transmute::<usize, $kind>(found) }
    }};
}

type Open = extern "C" fn(*const c_char, c_int, c_int) -> c_int;
type Write = extern "C" fn(c_int, *const c_void, usize) -> isize;

fn root() -> &'static [u8] {
    static ROOT: OnceLock<Vec<u8>> = OnceLock::new();
    ROOT.get_or_init(|| env::var_os("RECORDER_ROOT").unwrap_or_default().as_bytes().to_vec())
}

/// Appends one record with one call: appends of two programs do not mix.
fn note(kind: u8, path: &[u8], offset: i64, data: &[u8]) {
    static JOURNAL: AtomicI32 = AtomicI32::new(-1);
    let mut fd = JOURNAL.load(Ordering::Relaxed);
    if fd < 0 {
        let mut file = env::var_os("RECORDER_JOURNAL").unwrap_or_default().as_bytes().to_vec();
        file.push(0);
        fd = next!("open64", Open)(file.as_ptr().cast(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600);
        JOURNAL.store(fd, Ordering::Relaxed);
    }
    let mut record = Vec::with_capacity(17 + path.len() + data.len());
    record.push(kind);
    record.extend(offset.to_le_bytes());
    record.extend(u32::try_from(path.len()).unwrap_or(0).to_le_bytes());
    record.extend(u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
    record.extend(path);
    record.extend(data);
    let written = next!("write", Write)(fd, record.as_ptr().cast(), record.len());
    if usize::try_from(written) != Ok(record.len()) {
        std::process::abort();
    }
}

/// The path below the root, if it lies there and is of any interest.
fn below(path: &[u8]) -> Option<&[u8]> {
    let root = root();
    let rest = path.strip_prefix(root).filter(|rest| !root.is_empty() && (rest.is_empty() || rest[0] == b'/'))?;
    // What is shared in memory is not on the disk; nobody was promised a log.
    (!rest.ends_with(b"-shm") && !rest.starts_with(b"/logs")).then_some(rest)
}

/// The path an open file has now.
fn with_path(fd: c_int, tell: impl FnOnce(&[u8])) {
    let link = format!("/proc/self/fd/{fd}\0");
    let mut path = [0_u8; 1024];
    let length = unsafe { readlink(link.as_ptr().cast(), path.as_mut_ptr().cast(), path.len()) };
    let path = &path[..usize::try_from(length).unwrap_or(0)];
    if let Some(rest) = below(path).filter(|rest| !rest.ends_with(b" (deleted)")) {
        tell(rest);
    }
}

fn bytes<'a>(from: *const c_void, length: isize) -> &'a [u8] {
    unsafe { std::slice::from_raw_parts(from.cast(), usize::try_from(length).unwrap_or(0)) }
}

fn text<'a>(path: *const c_char) -> &'a [u8] {
    unsafe { CStr::from_ptr(path) }.to_bytes()
}

fn opened(path: *const c_char, flags: c_int, fd: c_int) -> c_int {
    if fd >= 0 && flags & (O_TRUNC | O_CREAT) != 0 && below(text(path)).is_some() {
        with_path(fd, |path| note(if flags & O_TRUNC == 0 { b'O' } else { b'T' }, path, 0, b""));
    }
    fd
}

#[unsafe(no_mangle)]
pub extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    opened(path, flags, next!("open", Open)(path, flags, mode))
}

#[unsafe(no_mangle)]
pub extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    opened(path, flags, next!("open64", Open)(path, flags, mode))
}

#[unsafe(no_mangle)]
pub extern "C" fn write(fd: c_int, from: *const c_void, length: usize) -> isize {
    let done = next!("write", Write)(fd, from, length);
    if done > 0 {
        with_path(fd, |path| {
            let end = unsafe { lseek(fd, 0, SEEK_CUR) };
            note(b'W', path, end - done as i64, bytes(from, done));
        });
    }
    done
}

fn written_at(fd: c_int, from: *const c_void, done: isize, offset: i64) -> isize {
    if done > 0 {
        with_path(fd, |path| note(b'W', path, offset, bytes(from, done)));
    }
    done
}

type WriteAt = extern "C" fn(c_int, *const c_void, usize, i64) -> isize;

#[unsafe(no_mangle)]
pub extern "C" fn pwrite(fd: c_int, from: *const c_void, length: usize, offset: i64) -> isize {
    written_at(fd, from, next!("pwrite", WriteAt)(fd, from, length, offset), offset)
}

#[unsafe(no_mangle)]
pub extern "C" fn pwrite64(fd: c_int, from: *const c_void, length: usize, offset: i64) -> isize {
    written_at(fd, from, next!("pwrite64", WriteAt)(fd, from, length, offset), offset)
}

/// One part of a write of several.
#[repr(C)]
pub struct Part {
    base: *const c_void,
    length: usize,
}

#[unsafe(no_mangle)]
pub extern "C" fn writev(fd: c_int, parts: *const Part, count: c_int) -> isize {
    let done = next!("writev", extern "C" fn(c_int, *const Part, c_int) -> isize)(fd, parts, count);
    if done > 0 {
        with_path(fd, |path| {
            let parts = unsafe { std::slice::from_raw_parts(parts, usize::try_from(count).unwrap_or(0)) };
            let mut all: Vec<u8> = Vec::new();
            parts.iter().for_each(|part| all.extend(bytes(part.base, part.length as isize)));
            all.truncate(usize::try_from(done).unwrap_or(0));
            let end = unsafe { lseek(fd, 0, SEEK_CUR) };
            note(b'W', path, end - done as i64, &all);
        });
    }
    done
}

fn flushed(fd: c_int, flush: extern "C" fn(c_int) -> c_int) -> c_int {
    with_path(fd, |path| note(b'B', path, 0, b""));
    let done = flush(fd);
    if done == 0 {
        with_path(fd, |path| note(b'E', path, 0, b""));
    }
    done
}

#[unsafe(no_mangle)]
pub extern "C" fn fsync(fd: c_int) -> c_int {
    flushed(fd, next!("fsync", extern "C" fn(c_int) -> c_int))
}

#[unsafe(no_mangle)]
pub extern "C" fn fdatasync(fd: c_int) -> c_int {
    flushed(fd, next!("fdatasync", extern "C" fn(c_int) -> c_int))
}

type Truncate = extern "C" fn(c_int, i64) -> c_int;

fn truncated(fd: c_int, length: i64, done: c_int) -> c_int {
    if done == 0 {
        with_path(fd, |path| note(b'L', path, length, b""));
    }
    done
}

#[unsafe(no_mangle)]
pub extern "C" fn ftruncate(fd: c_int, length: i64) -> c_int {
    truncated(fd, length, next!("ftruncate", Truncate)(fd, length))
}

#[unsafe(no_mangle)]
pub extern "C" fn ftruncate64(fd: c_int, length: i64) -> c_int {
    truncated(fd, length, next!("ftruncate64", Truncate)(fd, length))
}

#[unsafe(no_mangle)]
pub extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    let done = next!("rename", extern "C" fn(*const c_char, *const c_char) -> c_int)(from, to);
    if let (0, Some(from), Some(to)) = (done, below(text(from)), below(text(to))) {
        note(b'R', from, 0, to);
    }
    done
}

#[unsafe(no_mangle)]
pub extern "C" fn unlink(path: *const c_char) -> c_int {
    let done = next!("unlink", extern "C" fn(*const c_char) -> c_int)(path);
    if let (0, Some(path)) = (done, below(text(path))) {
        note(b'U', path, 0, b"");
    }
    done
}

#[unsafe(no_mangle)]
pub extern "C" fn mkdir(path: *const c_char, mode: u32) -> c_int {
    let done = next!("mkdir", extern "C" fn(*const c_char, u32) -> c_int)(path, mode);
    if let (0, Some(path)) = (done, below(text(path))) {
        note(b'D', path, 0, b"");
    }
    done
}

/// Copies inside the system would pass us by: whoever tries is told to read and write.
#[unsafe(no_mangle)]
pub extern "C" fn copy_file_range(
    _: c_int,
    _: *mut c_void,
    _: c_int,
    _: *mut c_void,
    _: usize,
    _: u32,
) -> isize {
    let _ = ptr::null::<u8>();
    unsafe extern "C" {
        fn __errno_location() -> *mut c_int;
    }
    const ENOSYS: c_int = 38;
    unsafe { *__errno_location() = ENOSYS };
    -1
}
