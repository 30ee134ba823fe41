//! What closes brackets, and what parts the things between them.

use pf_base::{Error, Result};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::{Call, Clause, Grammar, Part, Waiting, What, call};
use crate::parse::data_type::data_type;
use crate::parse::tokens::unsupported;
use crate::{Expr, ExprKind, Literal, Position};

impl Grammar<'_> {
    /// Goes on with a bracket whose content is read. Returns whether another operand follows.
    pub(super) fn close(&mut self, bracket: Waiting) -> Result<bool> {
        let Waiting { what, at } = bracket;
        match what {
            What::Bracket => {
                if *self.tokens.peek() == Token::Comma {
                    return Err(unsupported(at, "rows of values in brackets"));
                }
                self.tokens.expect(&Token::RParen, "an operator or ')'")?;
                if let Some(part) = self.parts.last_mut() {
                    part.chain = false;
                }
                Ok(false)
            }
            What::Low { negated } => {
                self.tokens.expect_keyword(Keyword::AND, "AND and the upper bound of BETWEEN")?;
                self.again(What::High { negated }, at)
            }
            What::Items { negated, start } => {
                if self.tokens.take(&Token::Comma) {
                    return self.again(What::Items { negated, start }, at);
                }
                self.tokens.expect(&Token::RParen, "an operator, ',' or ')'")?;
                self.call("in", start, at)?;
                if negated {
                    self.call_last("not", 1, false, at)?;
                }
                Ok(false)
            }
            What::Call(call) => self.next_argument(call, at),
            What::Filter => {
                self.tokens.expect(&Token::RParen, "an operator or ')'")?;
                self.end_filter()
            }
            What::Cast { try_cast } => {
                self.tokens.expect_keyword(Keyword::AS, "an operator or AS and a type")?;
                let to = data_type(self.tokens)?;
                self.tokens.expect(&Token::RParen, "')'")?;
                self.cast(to, try_cast, at)?;
                Ok(false)
            }
            What::Case { start, operand, after } => self.next_clause(start, operand, after, at),
            What::Needle => {
                self.tokens.expect_keyword(Keyword::IN, "an operator or IN and the text that is searched")?;
                self.again(What::Haystack, at)
            }
            What::Haystack => {
                self.tokens.expect(&Token::RParen, "an operator or ')'")?;
                self.swap_last();
                self.call_last("strpos", 2, false, at)?;
                Ok(false)
            }
            What::Trim { name, start, from } => {
                if !from && self.tokens.take_keyword(Keyword::FROM) {
                    return self.again(What::Trim { name, start, from: true }, at);
                }
                let expected = if from { "an operator or ')'" } else { "an operator, FROM or ')'" };
                self.tokens.expect(&Token::RParen, expected)?;
                // The characters are written first, and are the second argument.
                if self.parts.len() == start + 2 {
                    self.swap_last();
                }
                self.call(name, start, at)?;
                Ok(false)
            }
            // Operators are reduced before a bracket is looked at.
            What::Not
            | What::Negative
            | What::Positive
            | What::Infix { .. }
            | What::Escape { .. }
            | What::High { .. } => Err(Error::internal("the parser took an operator for a bracket")),
        }
    }

    /// Waits for another operand.
    fn again(&mut self, what: What, at: Position) -> Result<bool> {
        self.wait(what, at)?;
        Ok(true)
    }

    fn swap_last(&mut self) {
        let count = self.parts.len();
        if count >= 2 {
            self.parts.swap(count - 1, count - 2);
        }
    }

    fn next_argument(&mut self, mut call: Call, at: Position) -> Result<bool> {
        let count = self.parts.len() - call.start;
        let plain = call.names.is_empty() && !call.distinct;
        let is_substring = matches!(call.name.as_str(), "substr" | "substring") && plain;
        if !call.words && self.tokens.take(&Token::Comma) {
            self.argument(&mut call)?;
            return self.again(What::Call(call), at);
        }
        if is_substring && count == 1 && self.tokens.take_keyword(Keyword::FROM) {
            call.words = true;
            return self.again(What::Call(call), at);
        }
        if is_substring && (count == 1 || (call.words && count == 2)) && self.tokens.is_keyword_at(0, Keyword::FOR) {
            if count == 1 {
                self.literal(Literal::Number("1".into()), self.tokens.at());
            }
            self.tokens.advance();
            call.words = true;
            return self.again(What::Call(call), at);
        }
        if call.name == "trim" && plain && count == 1 && self.tokens.take_keyword(Keyword::FROM) {
            return self.again(What::Trim { name: "trim", start: call.start, from: true }, at);
        }
        let expected = if call.words { "an operator or ')'" } else { "an operator, ',' or ')'" };
        self.tokens.expect(&Token::RParen, expected)?;
        if call.words && call.name == "substring" {
            call.name = "substr".into();
        }
        Ok(!self.end_call(call, at)?)
    }

    /// Makes the call of its arguments. Returns whether it is whole, which it is not where a filter follows.
    pub(super) fn end_call(&mut self, call: Call, at: Position) -> Result<bool> {
        let Call { name, start, names, distinct, .. } = call;
        let (mut arguments, depth, size) = self.drain(start);
        let values = arguments.split_off(arguments.len().saturating_sub(names.len()));
        let named = names.into_iter().zip(values).collect();
        self.push(ExprKind::Call { name, arguments, named, distinct, filter: None }, at, depth, size)?;
        if !self.tokens.is_keyword_at(0, Keyword::FILTER) || *self.tokens.peek_at(1) != Token::LParen {
            return Ok(true);
        }
        let at = self.tokens.at();
        self.tokens.advance();
        self.tokens.advance();
        self.tokens.expect_keyword(Keyword::WHERE, "WHERE and a condition")?;
        self.wait(What::Filter, at)?;
        Ok(false)
    }

    fn end_filter(&mut self) -> Result<bool> {
        let condition = self.pop()?;
        let Part { expr: Expr { kind, at }, depth, size, .. } = self.pop()?;
        let ExprKind::Call { name, arguments, named, distinct, .. } = kind else {
            return Err(Error::internal("a filter without a call"));
        };
        let filter = Some(Box::new(condition.expr));
        let kind = ExprKind::Call { name, arguments, named, distinct, filter };
        self.push(kind, at, condition.depth.max(depth - 1), condition.size + size)?;
        Ok(false)
    }

    fn next_clause(&mut self, start: usize, operand: bool, after: Clause, at: Position) -> Result<bool> {
        let after = match after {
            Clause::Case => {
                self.tokens.expect_keyword(Keyword::WHEN, "an operator or WHEN")?;
                Clause::When
            }
            Clause::When => {
                self.tokens.expect_keyword(Keyword::THEN, "an operator or THEN")?;
                Clause::Then
            }
            Clause::Then if self.tokens.take_keyword(Keyword::WHEN) => Clause::When,
            Clause::Then if self.tokens.take_keyword(Keyword::ELSE) => Clause::Else,
            Clause::Then | Clause::Else => {
                let has_default = after == Clause::Else;
                let expected = if has_default { "an operator or END" } else { "an operator, WHEN, ELSE or END" };
                self.tokens.expect_keyword(Keyword::END, expected)?;
                if !has_default {
                    self.literal(Literal::Null, at);
                }
                if operand {
                    self.compare(start, at)?;
                }
                self.call("case", start, at)?;
                return Ok(false);
            }
        };
        self.again(What::Case { start, operand, after }, at)
    }

    /// `CASE x WHEN a THEN …` becomes `CASE WHEN x = a THEN …`.
    fn compare(&mut self, start: usize, at: Position) -> Result<()> {
        let mut parts = self.parts.split_off(start).into_iter();
        let Some(subject) = parts.next() else { return Err(Error::internal("a CASE without an operand")) };
        while let Some(part) = parts.next() {
            let Some(result) = parts.next() else {
                // The default.
                self.parts.push(part);
                break;
            };
            let copy = self.copy(&subject.expr, subject.size, at)?;
            let (depth, size) = (subject.depth.max(part.depth), subject.size + part.size);
            let place = part.expr.at;
            self.push(call("eq", vec![copy, part.expr]), place, depth, size)?;
            self.parts.push(result);
        }
        Ok(())
    }
}
