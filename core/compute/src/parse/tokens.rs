//! The tokens of a text, and what is said of the one that does not fit.

use std::any::TypeId;

use pf_base::{Error, Result};
use sqlparser::dialect::{Dialect, DuckDbDialect};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, TokenizerError, Word};

use crate::Position;
use crate::operators::is_reserved;

/// What the tokenizer has to know of the language.
#[derive(Debug)]
struct Language;

impl Dialect for Language {
    // The tokenizer asks for this type to take `//` as an operator.
    fn dialect(&self) -> TypeId {
        TypeId::of::<DuckDbDialect>()
    }

    fn is_identifier_start(&self, c: char) -> bool {
        c.is_alphabetic() || c == '_'
    }

    fn is_identifier_part(&self, c: char) -> bool {
        c.is_alphanumeric() || c == '_'
    }

    fn is_delimited_identifier_start(&self, c: char) -> bool {
        c == '"' || c == '`'
    }

    fn supports_dollar_placeholder(&self) -> bool {
        true
    }
}

/// The tokens of a text, without blanks and comments, and how far they are read.
pub(super) struct Tokens {
    tokens: Vec<TokenWithSpan>,
    next: usize,
    end: Position,
}

impl Tokens {
    pub(super) fn new(text: &str) -> Result<Self> {
        let mut tokens = Vec::new();
        Tokenizer::new(&Language, text).tokenize_with_location_into_buf(&mut tokens).map_err(|e| bad_token(&e))?;
        let end = tokens.last().map_or(Position { line: 1, column: 1 }, |t| position(t.span.end));
        tokens.retain(|t| !matches!(t.token, Token::Whitespace(_)));
        Ok(Self { tokens, next: 0, end })
    }

    /// The token that comes `ahead` tokens after the next one.
    pub(super) fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.next + ahead).map_or(&Token::EOF, |t| &t.token)
    }

    pub(super) fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    /// Where the next token stands.
    pub(super) fn at(&self) -> Position {
        self.tokens.get(self.next).map_or(self.end, |t| position(t.span.start))
    }

    /// How many characters the next token takes in the text.
    pub(super) fn width(&self) -> u64 {
        self.tokens.get(self.next).map_or(0, |t| t.span.end.column.saturating_sub(t.span.start.column))
    }

    /// Whether nothing stands between the next two tokens.
    pub(super) fn touches_next(&self) -> bool {
        match (self.tokens.get(self.next), self.tokens.get(self.next + 1)) {
            (Some(a), Some(b)) => a.span.end == b.span.start,
            _ => false,
        }
    }

    /// Takes the next token away.
    pub(super) fn advance(&mut self) -> Token {
        let token = self.tokens.get_mut(self.next).map_or(Token::EOF, |t| std::mem::replace(&mut t.token, Token::EOF));
        self.next += 1;
        token
    }

    /// Whether the token that comes `ahead` tokens after the next one is this word, not quoted.
    pub(super) fn is_keyword_at(&self, ahead: usize, keyword: Keyword) -> bool {
        matches!(self.peek_at(ahead), Token::Word(w) if w.keyword == keyword)
    }

    pub(super) fn take_keyword(&mut self, keyword: Keyword) -> bool {
        let found = self.is_keyword_at(0, keyword);
        self.next += usize::from(found);
        found
    }

    pub(super) fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == token;
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, token: &Token, expected: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    pub(super) fn expect_keyword(&mut self, keyword: Keyword, expected: &str) -> Result<()> {
        if self.take_keyword(keyword) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// A name: a quoted word, or one that is not reserved.
    pub(super) fn expect_name(&mut self, expected: &str) -> Result<String> {
        match self.peek() {
            Token::Word(w) if w.quote_style.is_some() || !is_reserved(&w.value) => {
                let Token::Word(w) = self.advance() else { return Err(Error::internal("the token changed")) };
                Ok(w.value)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    pub(super) fn expect_end(&self, expected: &str) -> Result<()> {
        if matches!(self.peek(), Token::EOF) && self.next >= self.tokens.len() {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    /// What is said of the next token where something else was expected.
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        match foreign(self.peek()) {
            Some(feature) => unsupported(self.at(), &feature),
            None => syntax(self.at(), &format!("expected {expected}, found {}", describe(self.peek()))),
        }
    }
}

/// What is no expression.
pub(super) fn syntax(at: Position, message: &str) -> Error {
    Error::invalid_argument(format!("syntax error at {at}: {message}"))
}

/// What is SQL, but not of this language.
pub(super) fn unsupported(at: Position, feature: &str) -> Error {
    Error::unsupported(format!("not supported at {at}: {feature}"))
}

fn position(at: Location) -> Position {
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Position { line: narrow(at.line), column: narrow(at.column) }
}

fn bad_token(error: &TokenizerError) -> Error {
    let message = error.message.as_str();
    let message = if message.contains("string literal") {
        "the string that begins here does not end"
    } else if message.contains("close delimiter") {
        "the quoted name that begins here does not end"
    } else if message.contains("comment") {
        "the comment does not end"
    } else {
        message
    };
    syntax(position(error.location), message)
}

fn describe(token: &Token) -> String {
    const SHOWN: usize = 40;
    let text = match token {
        Token::EOF => return "end of text".into(),
        Token::SingleQuotedString(s) => return format!("the string '{}'", shorten(s, SHOWN)),
        other => other.to_string(),
    };
    format!("'{}'", shorten(&text, SHOWN))
}

fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a token that fits nowhere stands for in SQL, where it stands for something.
fn foreign(token: &Token) -> Option<String> {
    let feature = match token {
        Token::Word(Word { keyword, .. }) => match keyword {
            Keyword::SELECT => "subqueries",
            Keyword::OVER => "windows with OVER",
            Keyword::WITHIN => "WITHIN GROUP",
            Keyword::ORDER => "ORDER BY inside an expression",
            Keyword::COLLATE => "COLLATE",
            Keyword::SIMILAR => "SIMILAR TO; write x ~ pattern",
            Keyword::OVERLAPS => "OVERLAPS",
            Keyword::IGNORE | Keyword::RESPECT => "IGNORE NULLS and RESPECT NULLS",
            Keyword::GLOB => "GLOB; write x LIKE pattern",
            Keyword::DIV => "DIV; write a // b",
            _ => return None,
        },
        Token::Placeholder(_) | Token::Question => "parameters",
        Token::LBracket => "arrays and subscripts",
        Token::LBrace => "literals of structs and maps",
        Token::Arrow | Token::LongArrow | Token::HashArrow | Token::HashLongArrow => "operators on JSON and lambdas",
        Token::Caret => "the operator ^; write power(a, b)",
        Token::Ampersand | Token::Pipe | Token::ShiftLeft | Token::ShiftRight | Token::Sharp => "operators on bits",
        Token::TildeAsterisk | Token::ExclamationMarkTildeAsterisk => "~*; write (?i) before the pattern of ~",
        Token::Spaceship => "<=>; write IS NOT DISTINCT FROM",
        Token::DoubleTilde => "~~; write LIKE",
        Token::DoubleTildeAsterisk => "~~*; write ILIKE",
        Token::PGSquareRoot => "|/; write sqrt(x)",
        Token::PGCubeRoot => "||/; write cbrt(x)",
        Token::NationalStringLiteral(_) => "strings with N before them",
        Token::Overlap | Token::AtArrow | Token::ArrowAt | Token::CaretAt | Token::ExclamationMarkDoubleTilde => {
            return Some(format!("the operator {token}"));
        }
        _ => return None,
    };
    Some(feature.into())
}
