//! Linker settings of the shared library.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    match target.as_str() {
        "linux" => {
            // The soname carries the ABI major (PF_ABI_VERSION >> 16).
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libparquetframe.so.0");
            // Worker threads outlive a dlclose: the code they run must stay mapped.
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        "macos" => println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libparquetframe.0.dylib"),
        _ => {}
    }
}
