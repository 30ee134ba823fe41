//! The grammar: an operator-precedence parser. What is read stands on one stack, what waits for more on another; the
//! thread's stack holds nothing that grows with the text.

mod brackets;
mod operand;
mod operator;

use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::tokens::{Tokens, syntax};
use super::{MAX_DEPTH, MAX_TEXT};
use crate::operators::{self as level, Infix, Level};
use crate::{Expr, ExprKind, Literal, Position};

/// So many operators and brackets wait at most: more than any tree of [`MAX_DEPTH`] needs, even with brackets that it
/// does not need.
const MAX_WAITING: usize = 4 * MAX_DEPTH;

/// Reads an expression up to the first token that does not belong to it.
pub(super) fn expression(tokens: &mut Tokens) -> Result<Expr> {
    let mut grammar = Grammar { tokens, parts: Vec::new(), waiting: Vec::new(), copied: 0 };
    loop {
        grammar.operand()?;
        if !grammar.operators()? {
            return Ok(grammar.pop()?.expr);
        }
    }
}

struct Grammar<'a> {
    tokens: &'a mut Tokens,
    /// What is read and not yet part of something greater.
    parts: Vec<Part>,
    waiting: Vec<Waiting>,
    /// The size of what a `CASE x WHEN` repeated.
    copied: usize,
}

/// A part of the expression.
struct Part {
    expr: Expr,
    depth: usize,
    /// In proportion to its memory.
    size: usize,
    /// `AND`s or `OR`s without brackets around them: the next operand joins them.
    chain: bool,
}

/// What waits for the rest of it.
struct Waiting {
    what: What,
    at: Position,
}

enum What {
    // Operators, which wait for the operand behind them.
    Not,
    Negative,
    Positive,
    Infix {
        operator: &'static Infix,
        negated: bool,
    },
    /// `x LIKE pattern ESCAPE`
    Escape {
        operator: &'static Infix,
        negated: bool,
    },
    /// `x BETWEEN low AND`
    High {
        negated: bool,
    },
    // Brackets, which wait for a token.
    /// `x BETWEEN`
    Low {
        negated: bool,
    },
    /// `(`
    Bracket,
    /// `x IN (`
    Items {
        negated: bool,
        start: usize,
    },
    /// `f(`
    Call(Call),
    /// `f(x) FILTER (WHERE`
    Filter,
    /// `CAST(`
    Cast {
        try_cast: bool,
    },
    /// `CASE`
    Case {
        start: usize,
        operand: bool,
        after: Clause,
    },
    /// `POSITION(`
    Needle,
    /// `POSITION(x IN`
    Haystack,
    /// `TRIM(LEADING`
    Trim {
        name: &'static str,
        start: usize,
        from: bool,
    },
}

/// A call whose arguments are being read.
struct Call {
    name: String,
    /// Where its arguments begin among the parts.
    start: usize,
    /// The names of those at the end that have one.
    names: Vec<String>,
    distinct: bool,
    /// Whether words instead of commas stand between the arguments: `SUBSTRING(x FROM 1 FOR 2)`.
    words: bool,
}

/// The word of a `CASE` that was read last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    Case,
    When,
    Then,
    Else,
}

impl What {
    /// How tightly an operator holds what is before it; nothing for brackets.
    fn level(&self) -> Option<Level> {
        match self {
            What::Not => Some(level::NOT),
            What::Negative | What::Positive => Some(level::SIGN),
            What::Infix { operator, .. } => Some(operator.level),
            What::Escape { .. } | What::High { .. } => Some(level::MATCH),
            _ => None,
        }
    }
}

impl Grammar<'_> {
    fn wait(&mut self, what: What, at: Position) -> Result<()> {
        if self.waiting.len() >= MAX_WAITING {
            return Err(syntax(at, &format!("more than {MAX_WAITING} brackets and operators are open here")));
        }
        self.waiting.push(Waiting { what, at });
        Ok(())
    }

    fn leaf(&mut self, kind: ExprKind, size: usize, at: Position) {
        self.parts.push(Part { expr: Expr { kind, at }, depth: 1, size: size + 1, chain: false });
    }

    fn literal(&mut self, literal: Literal, at: Position) {
        let size = match &literal {
            Literal::Number(s) | Literal::String(s) => s.len(),
            _ => 0,
        };
        self.leaf(ExprKind::Literal(literal), size, at);
    }

    fn pop(&mut self) -> Result<Part> {
        self.parts.pop().ok_or_else(|| Error::internal("the parser lost an operand"))
    }

    /// The parts from `start` on, and their depth and size.
    fn drain(&mut self, start: usize) -> (Vec<Expr>, usize, usize) {
        let (mut depth, mut size) = (0, 0);
        let parts = self.parts.drain(start.min(self.parts.len())..).map(|part| {
            depth = depth.max(part.depth);
            size += part.size;
            part.expr
        });
        let exprs = parts.collect();
        (exprs, depth, size)
    }

    /// Makes one part of several, one level above them.
    fn push(&mut self, kind: ExprKind, at: Position, below: usize, size: usize) -> Result<()> {
        if below >= MAX_DEPTH {
            return Err(syntax(at, &format!("the expression is deeper than {MAX_DEPTH} levels")));
        }
        self.parts.push(Part { expr: Expr { kind, at }, depth: below + 1, size: size + 1, chain: false });
        Ok(())
    }

    /// Calls `name` with the parts from `start` on.
    fn call(&mut self, name: &str, start: usize, at: Position) -> Result<()> {
        let (arguments, depth, size) = self.drain(start);
        self.push(call(name, arguments), at, depth, size)
    }

    /// Calls `name` with the last `count` parts, and negates the result.
    fn call_last(&mut self, name: &str, count: usize, negated: bool, at: Position) -> Result<()> {
        self.call(name, self.parts.len().saturating_sub(count), at)?;
        if negated {
            self.call("not", self.parts.len().saturating_sub(1), at)?;
        }
        Ok(())
    }

    /// Converts the last part.
    fn cast(&mut self, to: DataType, try_cast: bool, at: Position) -> Result<()> {
        let Part { expr, depth, size, .. } = self.pop()?;
        self.push(ExprKind::Cast { value: Box::new(expr), to, try_cast }, at, depth, size)
    }

    /// Gives the operators that hold as tightly as `least` or tighter what they wait for.
    fn reduce(&mut self, least: Level) -> Result<()> {
        while let Some(Waiting { what, at }) =
            self.waiting.pop_if(|w| w.what.level().is_some_and(|level| level >= least))
        {
            match what {
                What::Not => self.call_last("not", 1, false, at)?,
                What::Negative => self.call_last("neg", 1, false, at)?,
                What::Infix { operator, .. } if operator.level <= level::AND => self.join(operator.name, at)?,
                What::Infix { operator, negated } => self.call_last(operator.name, 2, negated, at)?,
                What::Escape { operator, negated } => self.call_last(operator.name, 3, negated, at)?,
                What::High { negated } => self.call_last("between", 3, negated, at)?,
                // `+x` is x.
                _ => {}
            }
        }
        Ok(())
    }

    /// `AND` and `OR`: the last part joins the chain before it.
    fn join(&mut self, name: &str, at: Position) -> Result<()> {
        let is_chain = match self.parts.iter().rev().nth(1) {
            Some(Part { expr: Expr { kind: ExprKind::Call { name: of, .. }, .. }, chain: true, .. }) => of == name,
            _ => false,
        };
        if !is_chain {
            self.call_last(name, 2, false, at)?;
        } else {
            let part = self.pop()?;
            if part.depth >= MAX_DEPTH {
                return Err(syntax(at, &format!("the expression is deeper than {MAX_DEPTH} levels")));
            }
            if let Some(Part { expr: Expr { kind: ExprKind::Call { arguments, .. }, .. }, depth, size, .. }) =
                self.parts.last_mut()
            {
                arguments.push(part.expr);
                *depth = (*depth).max(part.depth + 1);
                *size += part.size;
            }
        }
        if let Some(part) = self.parts.last_mut() {
            part.chain = true;
        }
        Ok(())
    }

    /// A copy of a part, as long as not too much is copied.
    fn copy(&mut self, expr: &Expr, size: usize, at: Position) -> Result<Expr> {
        self.copied += size;
        if self.copied > MAX_TEXT {
            let message = "what stands between CASE and WHEN is too long to be compared with so many values";
            return Err(syntax(at, message));
        }
        Ok(expr.clone())
    }
}

fn call(name: &str, arguments: Vec<Expr>) -> ExprKind {
    ExprKind::Call { name: name.into(), arguments, named: Vec::new(), distinct: false, filter: None }
}
