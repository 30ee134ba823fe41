//! The sequential search for strongly connected components.

use pf_base::{Context, Result, TrackedVec};

use crate::adjacency::Adjacency;
use crate::stack::Stack;
use crate::vertices::NONE;

/// Steps between two looks at the context, well below 10 ms.
const STEPS: usize = 1 << 18;

/// What an edge leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A vertex that is searched.
    Inside,
    /// A vertex whose component is known.
    Done,
    /// A vertex of the component that all searched vertices can be reached from.
    Root,
}

/// A depth-first search that finds components when it leaves them: algorithm PEA_FIND_SCC2 of D. J. Pearce, A
/// space-efficient algorithm for finding strongly connected components, Inf. Process. Lett. 116 (2016),
/// doi:10.1016/j.ipl.2015.08.010, with stacks instead of recursion.
#[derive(Debug)]
pub(crate) struct StrongSearch<'a> {
    rows: &'a Adjacency,
    /// 0: not seen. Up to `index`: the least index on the path that the vertex is known to reach. From [`NONE`]
    /// downwards: the number of its component. The two never meet, as each vertex has an index or is in a component.
    state: TrackedVec<u32>,
    index: u32,
    /// The least vertex of every component, in the order in which they are left.
    least: Stack<u32>,
    /// The path of the search.
    path: Stack<Step>,
    /// Vertices that were left, but not their components.
    open: Stack<u32>,
    steps: usize,
    ctx: &'a Context,
}

/// A vertex on the path, and how far its row was looked at.
#[derive(Clone, Copy, Debug)]
struct Step {
    vertex: u32,
    /// The vertex's own index.
    index: u32,
    next: u64,
}

impl<'a> StrongSearch<'a> {
    /// A search that has seen nothing. Index 1 is kept for the [`Side::Root`].
    pub(crate) fn new(rows: &'a Adjacency, ctx: &'a Context) -> Result<Self> {
        Ok(Self {
            rows,
            state: ctx.zeroed(rows.num_rows(), "search state")?,
            index: 2,
            least: Stack::new("components", ctx),
            path: Stack::new("search path", ctx),
            open: Stack::new("open components", ctx),
            steps: 0,
            ctx,
        })
    }

    /// Whether a vertex was visited.
    pub(crate) fn seen(&self, vertex: u32) -> bool {
        self.state[vertex as usize] != 0
    }

    /// The least vertex of a visited vertex's component; the vertex itself if it was not visited.
    pub(crate) fn least(&self, vertex: u32) -> u32 {
        match self.state[vertex as usize] {
            0 => vertex,
            component => self.least[(NONE - component) as usize],
        }
    }

    /// Hands over the vertices that turned out to be in the component of the [`Side::Root`], and forgets them.
    pub(crate) fn take_open(&mut self, mut take: impl FnMut(u32)) {
        while let Some(vertex) = self.open.pop() {
            self.state[vertex as usize] = 0;
            take(vertex);
        }
        self.index = 2;
    }

    /// Visits all that can be reached from `start` and was not visited before. `side` tells where edges lead.
    pub(crate) fn visit(&mut self, start: u32, side: impl Fn(u32) -> Side) -> Result<()> {
        let targets = self.rows.targets();
        let (mut vertex, mut index, mut low) = (start, self.index, self.index);
        let mut range = self.rows.range(start as usize);
        self.state[start as usize] = index;
        self.index += 1;
        loop {
            let before = range.start;
            let mut found = None;
            while range.start < range.end {
                let target = targets[range.start];
                range.start += 1;
                match side(target) {
                    Side::Done => {}
                    Side::Root => low = 1,
                    Side::Inside => match self.state[target as usize] {
                        0 => {
                            found = Some(target);
                            break;
                        }
                        state => low = low.min(state),
                    },
                }
            }
            self.steps += range.start - before + 1;
            if self.steps >= STEPS {
                self.steps = 0;
                self.ctx.check()?;
            }
            self.state[vertex as usize] = low;
            if let Some(target) = found {
                self.path.push(Step { vertex, index, next: range.start as u64 })?;
                (vertex, index, low) = (target, self.index, self.index);
                range = self.rows.range(target as usize);
                self.state[target as usize] = index;
                self.index += 1;
                continue;
            }
            if low == index {
                self.close(vertex, index)?
            } else {
                self.open.push(vertex)?
            }
            let left = self.state[vertex as usize];
            let Some(step) = self.path.pop() else { return Ok(()) };
            (vertex, index) = (step.vertex, step.index);
            low = self.state[vertex as usize].min(left);
            range = step.next as usize..self.rows.range(vertex as usize).end;
        }
    }

    /// Makes a component of the vertices that were left since `root` was entered, and of `root`.
    fn close(&mut self, root: u32, index: u32) -> Result<()> {
        let component = NONE - self.least.len() as u32;
        let mut least = root;
        self.index -= 1;
        self.state[root as usize] = component;
        while let Some(vertex) = self.open.last().copied().filter(|v| self.state[*v as usize] >= index) {
            self.open.pop();
            self.index -= 1;
            least = least.min(vertex);
            self.state[vertex as usize] = component;
        }
        self.least.push(least)
    }
}
