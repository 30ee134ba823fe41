use super::*;
use crate::parquet::testfiles::{properties, wide, write};
use std::fs::File;
use tempfile::TempDir;

fn identity(path: &Path) -> Identity {
    Identity::of(&std::fs::metadata(path).unwrap())
}

fn age(path: &Path, seconds: u64) {
    let then = SystemTime::now() - Duration::from_secs(seconds);
    File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

#[test]
fn the_one_not_asked_for_the_longest_time_leaves() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let paths: Vec<PathBuf> = (0..3).map(|i| dir.path().join(format!("{i}.parquet"))).collect();
    paths.iter().for_each(|path| write(path, &wide(40, 3), 1, properties(10).build()));
    let load = |path: &PathBuf| Arc::new(Footer::load(path, identity(path), &ctx).unwrap());
    let one = load(&paths[0]).memory();
    let mut cache = Cache::new(one * 5 / 2);
    cache.put(&paths[0], paths[0].clone(), load(&paths[0]));
    cache.put(&paths[1], paths[1].clone(), load(&paths[1]));
    assert!(cache.get(&paths[0], &paths[0], &identity(&paths[0])).is_some());
    cache.put(&paths[2], paths[2].clone(), load(&paths[2]));
    assert!(cache.get(&paths[1], &paths[1], &identity(&paths[1])).is_none());
    // Another folder's file of the same relative path.
    assert!(cache.get(&paths[2], &paths[1], &identity(&paths[2])).is_none());
    let kept = cache.get(&paths[0], &paths[0], &identity(&paths[0])).unwrap();
    // What grows beyond the limit leaves when it is next asked for.
    kept.schema(&ctx).unwrap();
    assert!(kept.memory() > one);
    cache.limit = one;
    assert!(cache.get(&paths[0], &paths[0], &identity(&paths[0])).is_some());
    assert_eq!((cache.bytes, cache.entries.len(), cache.order.len()), (0, 0, 0));
    cache.put(&paths[0], paths[0].clone(), kept);
    assert_eq!(cache.entries.len(), 0);
}

#[test]
fn a_file_that_changed_is_read_again() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let path = dir.path().join("a.parquet");
    let batch = wide(3, 3);
    let same = |a: &Arc<Footer>, b: &Arc<Footer>| Arc::ptr_eq(a, b);
    write(&path, &batch, 1, properties(10).build());
    // Just written: its time does not tell yet whether it is the same.
    let first = footer(&path, &ctx).unwrap();
    assert!(!same(&first, &footer(&path, &ctx).unwrap()));
    age(&path, 60);
    // Another thread's look-up may be in the way at times.
    let kept = (0..1000).any(|_| same(&footer(&path, &ctx).unwrap(), &footer(&path, &ctx).unwrap()));
    assert!(kept);
    let before = footer(&path, &ctx).unwrap();
    write(&path, &batch, 2, properties(10).build());
    age(&path, 60);
    let after = footer(&path, &ctx).unwrap();
    assert_eq!((before.num_rows(), after.num_rows()), (3, 6));
}
