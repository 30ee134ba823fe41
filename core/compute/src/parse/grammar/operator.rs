//! What follows an operand: operators, and what closes brackets.

use pf_base::{Error, Result};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Word};

use super::{Grammar, Waiting, What};
use crate::Position;
use crate::operators::{self as level, Infix, Level, find_infix};
use crate::parse::data_type::data_type;
use crate::parse::tokens::syntax;

/// What an operator did to what stands before it.
enum Step {
    /// Another operand follows.
    Operand,
    /// It is whole.
    Whole,
    /// This is no operator.
    None,
}

impl Grammar<'_> {
    /// Reads operators and closing brackets until an operand must follow. Without one, the expression is at its end.
    pub(super) fn operators(&mut self) -> Result<bool> {
        loop {
            match self.operator()? {
                Step::Operand => return Ok(true),
                Step::Whole => {}
                Step::None => {
                    self.reduce(0)?;
                    match self.waiting.pop() {
                        None => return Ok(false),
                        Some(bracket) => {
                            if self.close(bracket)? {
                                return Ok(true);
                            }
                        }
                    }
                }
            }
        }
    }

    fn operator(&mut self) -> Result<Step> {
        let at = self.tokens.at();
        let name = match self.tokens.peek() {
            Token::Word(Word { quote_style: None, keyword, .. }) => {
                let keyword = *keyword;
                return self.word_operator(keyword, at);
            }
            Token::DoubleColon => {
                self.tokens.advance();
                self.before(level::CAST, at)?;
                let to = data_type(self.tokens)?;
                self.cast(to, false, at)?;
                return Ok(Step::Whole);
            }
            Token::ExclamationMarkTilde => {
                self.tokens.advance();
                return self.infix("regexp_like", true, at);
            }
            Token::Eq | Token::DoubleEq => "eq",
            Token::Neq => "ne",
            Token::Lt => "lt",
            Token::LtEq => "le",
            Token::Gt => "gt",
            Token::GtEq => "ge",
            Token::Tilde => "regexp_like",
            Token::StringConcat => "concat",
            Token::Plus => "add",
            Token::Minus => "sub",
            Token::Mul => "mul",
            Token::Div => "div",
            Token::DuckIntDiv => "floor_div",
            Token::Mod => "mod",
            _ => return Ok(Step::None),
        };
        self.tokens.advance();
        self.infix(name, false, at)
    }

    fn word_operator(&mut self, keyword: Keyword, at: Position) -> Result<Step> {
        match keyword {
            Keyword::AND => {
                self.reduce(level::AND)?;
                if let Some(Waiting { what: What::Low { .. }, .. }) = self.waiting.last() {
                    // It parts the bounds of BETWEEN.
                    return Ok(Step::None);
                }
                self.tokens.advance();
                self.infix("and", false, at)
            }
            Keyword::OR => {
                self.tokens.advance();
                self.infix("or", false, at)
            }
            Keyword::IS => {
                self.tokens.advance();
                self.is(at)
            }
            Keyword::AT => {
                self.tokens.advance();
                self.tokens.expect_keyword(Keyword::TIME, "TIME ZONE")?;
                self.tokens.expect_keyword(Keyword::ZONE, "ZONE")?;
                self.infix("at_time_zone", false, at)
            }
            Keyword::ESCAPE => self.escape(at),
            Keyword::IN => {
                self.reduce(level::MATCH)?;
                if let Some(Waiting { what: What::Needle, .. }) = self.waiting.last() {
                    // It parts the arguments of POSITION.
                    return Ok(Step::None);
                }
                self.tokens.advance();
                self.matching(Keyword::IN, false, at)
            }
            Keyword::NOT => {
                self.tokens.advance();
                for keyword in
                    [Keyword::IN, Keyword::BETWEEN, Keyword::LIKE, Keyword::ILIKE, Keyword::RLIKE, Keyword::REGEXP]
                {
                    if self.tokens.take_keyword(keyword) {
                        return self.matching(keyword, true, at);
                    }
                }
                Err(self.tokens.unexpected("IN, BETWEEN, LIKE, ILIKE or REGEXP"))
            }
            Keyword::BETWEEN | Keyword::LIKE | Keyword::ILIKE | Keyword::RLIKE | Keyword::REGEXP => {
                self.tokens.advance();
                self.matching(keyword, false, at)
            }
            _ => Ok(Step::None),
        }
    }

    /// The operators that have a form with `NOT`.
    fn matching(&mut self, keyword: Keyword, negated: bool, at: Position) -> Result<Step> {
        match keyword {
            Keyword::LIKE => self.infix("like", negated, at),
            Keyword::ILIKE => self.infix("ilike", negated, at),
            Keyword::BETWEEN => {
                self.before(level::MATCH, at)?;
                self.wait(What::Low { negated }, at)?;
                Ok(Step::Operand)
            }
            Keyword::IN => {
                self.before(level::MATCH, at)?;
                self.tokens.expect(&Token::LParen, "'(' and the values")?;
                let start = self.parts.len().saturating_sub(1);
                self.wait(What::Items { negated, start }, at)?;
                Ok(Step::Operand)
            }
            _ => self.infix("regexp_like", negated, at),
        }
    }

    fn is(&mut self, at: Position) -> Result<Step> {
        let not = self.tokens.take_keyword(Keyword::NOT);
        if self.tokens.take_keyword(Keyword::DISTINCT) {
            self.tokens.expect_keyword(Keyword::FROM, "FROM")?;
            return self.infix(if not { "not_distinct_from" } else { "distinct_from" }, false, at);
        }
        let name = match self.tokens.peek() {
            Token::Word(w) => match (w.keyword, not) {
                (Keyword::NULL | Keyword::UNKNOWN, false) => "is_null",
                (Keyword::NULL | Keyword::UNKNOWN, true) => "is_not_null",
                (Keyword::TRUE, false) => "is_true",
                (Keyword::TRUE, true) => "is_not_true",
                (Keyword::FALSE, false) => "is_false",
                (Keyword::FALSE, true) => "is_not_false",
                _ => "",
            },
            _ => "",
        };
        if name.is_empty() {
            return Err(self.tokens.unexpected(if not {
                "NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM"
            } else {
                "NOT, NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM"
            }));
        }
        self.tokens.advance();
        self.before(level::IS, at)?;
        self.call_last(name, 1, false, at)?;
        Ok(Step::Whole)
    }

    /// `ESCAPE` goes on where a `LIKE` has its pattern.
    fn escape(&mut self, at: Position) -> Result<Step> {
        self.reduce(level::MATCH + 1)?;
        if let Some(Waiting { what, .. }) = self.waiting.last_mut()
            && let What::Infix { operator, negated } = *what
            && matches!(operator.name, "like" | "ilike")
        {
            *what = What::Escape { operator, negated };
            self.tokens.advance();
            return Ok(Step::Operand);
        }
        Err(syntax(at, "ESCAPE belongs behind LIKE and its pattern"))
    }

    fn infix(&mut self, name: &str, negated: bool, at: Position) -> Result<Step> {
        let operator = find_infix(name).ok_or_else(|| Error::internal(format!("no operator {name}")))?;
        if operator.level == level::COMPARISON {
            self.before(level::COMPARISON + 1, at)?;
            if let Some(Waiting {
                what: What::Infix { operator: Infix { level: level::COMPARISON, .. }, .. }, ..
            }) = self.waiting.last()
            {
                return Err(syntax(at, "comparisons do not chain; write a < b AND b < c, or use brackets"));
            }
        } else {
            self.before(operator.level, at)?;
        }
        self.wait(What::Infix { operator, negated }, at)?;
        Ok(Step::Operand)
    }

    /// Completes what stands before an operator of this level.
    fn before(&mut self, least: Level, at: Position) -> Result<()> {
        self.reduce(least)?;
        match self.waiting.last() {
            // Otherwise the AND of the bounds could not be told from the operator.
            Some(Waiting { what: What::Low { .. }, .. }) if least <= level::MATCH => Err(syntax(
                at,
                "expected AND and the upper bound of BETWEEN; a lower bound that compares needs brackets",
            )),
            _ => Ok(()),
        }
    }
}
