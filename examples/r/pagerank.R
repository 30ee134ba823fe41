# Ranks the packages of a Parquet file of dependencies: the ten highest, the number of components, and how many packages
# "bash" reaches.
#
#   Rscript examples/r/pagerank.R examples/data/debian-bookworm-dependencies.parquet
library(parquetframe)

path <- commandArgs(trailingOnly = TRUE)
if (length(path) != 1) stop("usage: Rscript pagerank.R EDGES.parquet", call. = FALSE)

graph <- pf_graph(path, source = "package", target = "depends_on")

top <- pf_pagerank(graph, top = 10)
cat(sprintf("%2d  %-20s %.10f\n", seq_len(nrow(top)), top$vertex, top$rank), sep = "")

components <- pf_connected_components(graph)
cat(attr(components, "components"), "components\n")

reached <- pf_bfs(graph, sources = "bash", predecessors = FALSE)
# bash itself, at distance 0, does not count.
cat("bash reaches", sum(reached$distance > 0, na.rm = TRUE), "packages\n")
