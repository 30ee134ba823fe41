//! What begins an operand: signs, literals, columns, calls, brackets.

use pf_base::Result;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Word};

use super::{Call, Clause, Grammar, What};
use crate::operators::is_reserved;
use crate::parse::MAX_DEPTH;
use crate::parse::literal;
use crate::parse::tokens::{syntax, unsupported};
use crate::{ExprKind, Literal, Position};

const EXPECTED: &str = "an expression";

impl Grammar<'_> {
    /// Reads up to the end of an operand that is a literal, a column or a call without arguments.
    pub(super) fn operand(&mut self) -> Result<()> {
        loop {
            let at = self.tokens.at();
            let done = match self.tokens.peek() {
                Token::Minus => self.open(What::Negative, at)?,
                Token::Plus => self.open(What::Positive, at)?,
                Token::LParen => self.open(What::Bracket, at)?,
                Token::Number(..) | Token::SingleQuotedString(_) | Token::HexStringLiteral(_) => {
                    let literal = literal::plain(self.tokens)?;
                    self.literal(literal, at);
                    true
                }
                Token::Word(Word { quote_style: None, keyword, .. }) => {
                    let keyword = *keyword;
                    self.word(keyword, at)?
                }
                Token::Word(_) if *self.tokens.peek_at(1) == Token::LParen => self.open_call(at)?,
                Token::Word(_) => self.column(at)?,
                _ => return Err(self.tokens.unexpected(EXPECTED)),
            };
            if done {
                return Ok(());
            }
        }
    }

    /// Takes a token that only opens something.
    fn open(&mut self, what: What, at: Position) -> Result<bool> {
        self.tokens.advance();
        self.wait(what, at)?;
        Ok(false)
    }

    /// A word that is not quoted.
    fn word(&mut self, keyword: Keyword, at: Position) -> Result<bool> {
        let literal = match keyword {
            Keyword::NULL => Literal::Null,
            Keyword::TRUE => Literal::Boolean(true),
            Keyword::FALSE => Literal::Boolean(false),
            Keyword::NOT => return self.open(What::Not, at),
            Keyword::CASE => {
                self.tokens.advance();
                let searched = self.tokens.take_keyword(Keyword::WHEN);
                let after = if searched { Clause::When } else { Clause::Case };
                self.wait(What::Case { start: self.parts.len(), operand: !searched, after }, at)?;
                return Ok(false);
            }
            _ => {
                if let Some(literal) = literal::typed(self.tokens, keyword)? {
                    self.literal(literal, at);
                    return Ok(true);
                }
                if *self.tokens.peek_at(1) == Token::LParen {
                    return self.special(keyword, at);
                }
                return self.column(at);
            }
        };
        self.tokens.advance();
        self.literal(literal, at);
        Ok(true)
    }

    /// A column, and the fields below it.
    fn column(&mut self, at: Position) -> Result<bool> {
        let first = self.tokens.expect_name(EXPECTED)?;
        let mut size = first.len();
        let mut path = vec![first];
        while self.tokens.take(&Token::Period) {
            match self.tokens.peek() {
                Token::Word(_) => {}
                Token::Mul => return Err(unsupported(self.tokens.at(), "all columns with *")),
                _ => return Err(self.tokens.unexpected("the name of a field")),
            }
            if path.len() >= MAX_DEPTH {
                return Err(syntax(self.tokens.at(), &format!("the column is deeper than {MAX_DEPTH} fields")));
            }
            let Token::Word(word) = self.tokens.advance() else { continue };
            size += word.value.len();
            path.push(word.value);
        }
        if *self.tokens.peek() == Token::LParen {
            return Err(unsupported(at, "methods, and functions of a schema"));
        }
        self.leaf(ExprKind::Column(path), size, at);
        Ok(true)
    }

    /// A word and `(`: a call, or something that is written as one.
    fn special(&mut self, keyword: Keyword, at: Position) -> Result<bool> {
        let what = match keyword {
            Keyword::CAST => What::Cast { try_cast: false },
            Keyword::TRY_CAST => What::Cast { try_cast: true },
            Keyword::POSITION => What::Needle,
            Keyword::TRIM => return self.open_trim(at),
            Keyword::EXTRACT => return self.open_extract(at),
            _ => return self.open_call(at),
        };
        self.tokens.advance();
        self.open(what, at)
    }

    fn open_trim(&mut self, at: Position) -> Result<bool> {
        let name = match self.tokens.peek_at(2) {
            Token::Word(w) => match w.keyword {
                Keyword::BOTH => "trim",
                Keyword::LEADING => "ltrim",
                Keyword::TRAILING => "rtrim",
                _ => return self.open_call(at),
            },
            _ => return self.open_call(at),
        };
        // A column may have such a name.
        let is_side = match self.tokens.peek_at(3) {
            Token::SingleQuotedString(_) | Token::Number(..) | Token::LParen => true,
            Token::Word(w) if w.quote_style.is_none() && is_reserved(&w.value) => {
                matches!(w.keyword, Keyword::FROM | Keyword::CASE | Keyword::CAST | Keyword::TRY_CAST | Keyword::NULL)
            }
            Token::Word(w) => w.keyword != Keyword::AT,
            _ => false,
        };
        if !is_side {
            return self.open_call(at);
        }
        self.tokens.advance();
        self.tokens.advance();
        self.tokens.advance();
        let from = self.tokens.take_keyword(Keyword::FROM);
        self.wait(What::Trim { name, start: self.parts.len(), from }, at)?;
        Ok(false)
    }

    fn open_extract(&mut self, at: Position) -> Result<bool> {
        if !self.tokens.is_keyword_at(3, Keyword::FROM) {
            return self.open_call(at);
        }
        let field = match self.tokens.peek_at(2) {
            Token::Word(w) => w.value.to_ascii_lowercase(),
            Token::SingleQuotedString(s) => s.to_ascii_lowercase(),
            _ => return self.open_call(at),
        };
        let start = self.parts.len();
        self.tokens.advance();
        self.tokens.advance();
        self.literal(Literal::String(field), self.tokens.at());
        self.tokens.advance();
        self.tokens.advance();
        self.wait(What::Call(Call { words: true, ..Call::new("extract".into(), start) }), at)?;
        Ok(false)
    }

    /// A name and `(`.
    fn open_call(&mut self, at: Position) -> Result<bool> {
        let name = self.tokens.expect_name(EXPECTED)?.to_ascii_lowercase();
        let mut call = Call::new(name, self.parts.len());
        self.tokens.advance();
        if *self.tokens.peek() == Token::Mul {
            if call.name != "count" {
                return Err(unsupported(self.tokens.at(), "* as an argument of another function than count"));
            }
            self.tokens.advance();
            self.tokens.expect(&Token::RParen, "')'")?;
        } else if !self.tokens.take(&Token::RParen) {
            call.distinct = self.tokens.take_keyword(Keyword::DISTINCT);
            self.argument(&mut call)?;
            self.wait(What::Call(call), at)?;
            return Ok(false);
        }
        self.end_call(call, at)
    }

    /// The name of an argument, where it has one.
    pub(super) fn argument(&mut self, call: &mut Call) -> Result<()> {
        if *self.tokens.peek_at(1) != Token::RArrow {
            if call.names.is_empty() {
                return Ok(());
            }
            return Err(syntax(self.tokens.at(), "an argument without a name follows one with a name"));
        }
        let at = self.tokens.at();
        let name = self.tokens.expect_name("the name of an argument")?.to_ascii_lowercase();
        self.tokens.advance();
        if call.names.contains(&name) {
            return Err(syntax(at, &format!("the argument {name} is there twice")));
        }
        if call.names.len() >= MAX_DEPTH {
            return Err(syntax(at, &format!("a call has at most {MAX_DEPTH} arguments with names")));
        }
        call.names.push(name);
        Ok(())
    }
}

impl Call {
    fn new(name: String, start: usize) -> Self {
        Self { name, start, names: Vec::new(), distinct: false, words: false }
    }
}
