pf_version <- function() .Call(C_pfr_version)

pf_abi_version <- function() structure(.Call(C_pfr_abi_version), names = c("major", "minor"))

pf_has_feature <- function(name) .Call(C_pfr_has_feature, name)

pf_kernels <- function() collect(.Call(C_pfr_kernels))
