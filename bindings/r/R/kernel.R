# The result of a kernel of the library. `inputs` are the vectors of vertex ids that it takes, NULL where one is left out.
run_kernel <- function(kernel, graph, threads, memory_limit, progress, options = NULL, inputs = list()) {
  collect(with_context(threads, memory_limit, progress = progress, run = function(context) {
    .Call(C_pfr_graph_kernel, graph, kernel, inputs, options, context)
  }))
}
