//! Writes every target's good inputs, and those that once did harm, to a folder each below the one that is named: where
//! fuzzing begins.

use std::path::Path;

use harness::hostile::TARGETS;

fn main() -> std::io::Result<()> {
    let to = std::env::args().nth(1).ok_or_else(|| std::io::Error::other("name the folder to write to"))?;
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/found");
    for target in TARGETS {
        let folder = Path::new(&to).join(target.name);
        std::fs::create_dir_all(&folder)?;
        for (i, seed) in (target.seeds)().iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{i}")), seed)?;
        }
        for harmful in std::fs::read_dir(found.join(target.name)).into_iter().flatten() {
            let harmful = harmful?;
            std::fs::copy(harmful.path(), folder.join(harmful.file_name()))?;
        }
    }
    Ok(())
}
