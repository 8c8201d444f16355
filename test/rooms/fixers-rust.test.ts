// The Rust templates on a real crate, judged by the real compiler: what each writes, and what it refuses after trying.

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasCargo, rustStage } from './rust-stage.ts';

const { fixed, refused } = rustStage();

const none = 'called `Option::unwrap()` on a `None` value';
const err = (error: string) => `called \`Result::unwrap()\` on an \`Err\` value: ${error}`;
const missingFile = 'Os { code: 2, kind: NotFound, message: "No such file or directory" }';
const digit = err('ParseIntError { kind: InvalidDigit }');
const cut = "byte index 240 is not a char boundary; it is inside 'é' (bytes 239..241) of `…`";
const index = 'index out of bounds: the len is 0 but the index is 0';
const subtract = 'attempt to subtract with overflow';
const key = 'no entry found for key';
const utf8 = err('FromUtf8Error { bytes: [255], error: Utf8Error { valid_up_to: 0, error_len: Some(1) } }');

const at = (file: string, at: string, message: string) => ({ file, at, message });
const replaceIn = (file: string, from: string, to: string) => (dir: string) => {
  const text = readFileSync(join(dir, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
  writeFileSync(join(dir, file), text.replace(from, to));
};

function breakCrate(dir: string): void {
  appendFileSync(join(dir, 'src/words.rs'), 'fn broken() -> u8 { "" }\n');
}

/** A crate for compilers since 1.91, whose own function for it is not to be had elsewhere. */
function promiseNewer(dir: string): void {
  replaceIn('Cargo.toml', '1.80', '1.91')(dir);
  replaceIn('src/words.rs', 'pub fn clip', 'fn clip')(dir);
  appendFileSync(join(dir, 'src/words.rs'), '\npub fn four(text: &str) -> &str {\n    clip(text, 4)\n}\n');
}

describe.skipIf(!hasCargo)('R4 subtract (needs cargo)', () => {
  it('mends a chain of subtractions as one', async () => {
    const change = await fixed(at('src/table.rs', '^self.width - longest', subtract));
    expect(change.replace(/\n\+\s+\./g, '.')).toContain(
      '+        let rest_width = self.width.saturating_sub(longest).saturating_sub(self.rows.len());',
    );
  });
});

describe.skipIf(!hasCargo)('R4 in front of a method (needs cargo)', () => {
  it('takes needless parentheses away', async () => {
    expect(await fixed(at('src/table.rs', '^self.rows.len() - 1).min', subtract))).toContain(
      '+        let height = self.rows.len().saturating_sub(1).min(most);',
    );
  });
});

describe.skipIf(!hasCargo)('R8 lower bound (needs cargo)', () => {
  it.each([
    ['number <= count', 'fn jump', '+            if number > 0 && number <= count {'],
    [
      'self.links.len() > number',
      'fn jump_two',
      '+        if open && number >= 2 && self.links.len() > number {',
    ],
    ['number <= 9usize', 'fn jump_back', '+        if known && number > 0 && number <= 9usize {'],
  ])('completes a check: %s', async (_, after, line) => {
    const place = after === 'fn jump_back' ? '", ^number - ' : 'self.follow(^number - ';
    const change = await fixed({ ...at('src/menu.rs', place, subtract), after });
    expect(change).toContain('R8 lower bound');
    expect(change).toContain(line);
  });
});

describe.skipIf(!hasCargo)('R9 let else (needs cargo)', () => {
  it.each([
    ['fn show', 'get(key).^unwrap()', none, '+        let Some(link) = self.by_key.get(key) else {'],
    [
      'fn show_all',
      'get(*key).^expect',
      'no link of that key',
      '+            let Some(link) = self.by_key.get(*key) else {',
    ],
    [
      'fn rename',
      'remove(key).^unwrap()',
      none,
      '+        let Some(mut link) = self.by_key.remove(key) else {',
    ],
  ])('leaves without a value: %s', async (after, place, message, line) => {
    const change = await fixed({ ...at('src/menu.rs', place, message), after });
    expect(change).toContain('R9 let else');
    expect(change).toContain(line);
  });
});

describe.skipIf(!hasCargo)('R10 open arm (needs cargo)', () => {
  it.each([
    [
      'one result after another',
      'Err(_) => ^todo!()',
      '',
      '+                Err(err) => return Some(Err(err)),',
    ],
    ['the end of the function', '^todo!("reading', ': reading failed', '+        Err(err) => Err(err),'],
    [
      'an error of another type',
      'Err(error) => ^todo!',
      ': denied',
      '+        Err(error) => return Err(error.into()),',
    ],
  ])('hands the error on: %s', async (_, place, said, line) => {
    const change = await fixed(at('src/steps.rs', place, `not yet implemented${said}`));
    expect(change).toContain('R10 open arm');
    expect(change).toContain(line);
  });

  it('refuses an error that the function cannot hand on', async () => {
    const panic = at('src/steps.rs', '^todo!("no number', 'not yet implemented: no number');
    expect(await refused(panic)).toContain('With the change the compiler says');
  });
});

describe.skipIf(!hasCargo)('R3 unwrap (needs cargo)', () => {
  it('gives a missing value a context, in the words of the code', async () => {
    expect(await fixed(at('src/sessions.rs', 'self.open.get(id).^unwrap', none))).toMatchInlineSnapshot(`
      "R3 unwrap
      return an error when there is no session

      @@ pub struct Sessions {
       
       impl Sessions {
           pub fn user_of(&self, id: &str) -> Result<String> {
      -        let session = self.open.get(id).unwrap();
      +        let session = self.open.get(id).context("session not found")?;
               let user = session.user.as_ref().context("session has no user")?;
               Ok(user.clone())
           }
      "
    `);
  });
  it('says where a field was left empty', async () => {
    expect(await fixed(at('src/sessions.rs', 'self.current.as_ref().^unwrap', none))).toMatchInlineSnapshot(`
      "R3 unwrap
      return an error when there is no current
      Symptom-level guard: the cause is where \`self.current\` was left empty.
      @@ impl Sessions {
           }
       
           pub fn current_user(&self) -> Result<&str> {
      -        let current = self.current.as_ref().unwrap();
      +        let current = self.current.as_ref().context("missing current")?;
               Ok(current.user.as_deref().unwrap_or("nobody"))
           }
       
      "
    `);
  });
  it("keeps the author's words", async () => {
    expect(await fixed(at('src/sessions.rs', 'expect("no open', 'no open session of that id')))
      .toMatchInlineSnapshot(`
      "R3 unwrap
      return an error when there is no session

      @@ impl Sessions {
           }
       
           pub fn close(&mut self, id: &str) -> Result<Session> {
      -        let session = self.open.remove(id).expect("no open session of that id");
      +        let session = self.open.remove(id).context("no open session of that id")?;
               Ok(session)
           }
       
      "
    `);
  });
  it('passes nothing on where nothing may be returned', async () => {
    expect(await fixed(at('src/paths.rs', 'path.file_name().^unwrap', none))).toMatchInlineSnapshot(`
      "R3 unwrap
      return nothing when there is no file name

      @@ use std::path::Path;
       
       /// The name that people see in the list.
       pub fn label(path: &Path) -> Option<String> {
      -    let name = path.file_name().unwrap();
      +    let name = path.file_name()?;
           Some(name.to_string_lossy().into_owned())
       }
       
      "
    `);
  });
  it('passes on an error that converts', async () => {
    expect(await fixed(at('src/store.rs', 'read_to_string(path).^unwrap', err(missingFile))))
      .toMatchInlineSnapshot(`
      "R3 unwrap
      return an error where a step fails

      @@ pub struct Store {
       
       impl Store {
           pub fn load(path: &Path) -> Result<Store, StoreError> {
      -        let text = fs::read_to_string(path).unwrap();
      +        let text = fs::read_to_string(path)?;
               let entries = text
                   .lines()
                   .map(|line| line.split_once('=').ok_or(StoreError::Corrupt))
      "
    `);
  });
  it("uses the crate's own error for what is not found", async () => {
    expect(await fixed(at('src/store.rs', 'name == key).^unwrap', none))).toMatchInlineSnapshot(`
      "R3 unwrap
      return an error when there is no entry

      @@ impl Store {
           }
       
           pub fn value(&self, key: &str) -> Result<&str, StoreError> {
      -        let entry = self.entries.iter().find(|(name, _)| name == key).unwrap();
      +        let entry = self
      +            .entries
      +            .iter()
      +            .find(|(name, _)| name == key)
      +            .ok_or_else(|| StoreError::NotFound("entry not found".to_string()))?;
               Ok(&entry.1)
           }
       
      "
    `);
  });
  it('makes an error of input and output', async () => {
    expect(await fixed(at('src/store.rs', 'path.parent().^unwrap', none))).toMatchInlineSnapshot(`
      "R3 unwrap
      return an error when there is no parent

      @@ impl Store {
           }
       
           pub fn save(&self, path: &Path) -> io::Result<()> {
      -        let parent = path.parent().unwrap();
      +        let parent = path
      +            .parent()
      +            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "missing parent"))?;
               fs::create_dir_all(parent)?;
               fs::write(path, self.entries.len().to_string())
           }
      "
    `);
  });
  it('wraps the error in the only variant that holds it', async () => {
    const message = `failed to run the editor: ${missingFile}`;
    expect(await fixed(at('src/editor.rs', '        .^expect("failed', message))).toMatchInlineSnapshot(`
      "R3 unwrap
      return an error where a step fails

      @@ pub fn edit(path: &Path) -> Result<(), EditError> {
           let status = Command::new("editor")
               .arg(path)
               .status()
      -        .expect("failed to run the editor");
      +        .map_err(EditError::Launch)?;
           if !status.success() {
               return Err(EditError::Aborted);
           }
      "
    `);
  });
  it('lets the file be where it was never formatted', async () => {
    const panic = at('src/paths.rs', 'path.file_name().^unwrap', none);
    const spaced = replaceIn('src/paths.rs', 'Some(name.to_string_lossy()', 'Some( name.to_string_lossy()');
    expect(await fixed(panic, spaced)).toContain('+    let name = path.file_name()?;\n     Some( name');
  });
  it('leaves a choice between two errors to a person', async () => {
    expect(await refused(at('src/editor.rs', '::copy(from, to).^unwrap', err(missingFile)))).toContain(
      'Several errors of the crate would fit',
    );
  });
  it('leaves a crate alone that does not compile', async () => {
    expect(await refused(at('src/sessions.rs', 'self.open.get(id).^unwrap', none), breakCrate)).toContain(
      'does not compile before any change',
    );
  });
  it('leaves a crate alone whose parts are not here', async () => {
    const lacking = replaceIn('Cargo.toml', 'path = "anyhow"', 'path = "elsewhere"');
    expect(await refused(at('src/sessions.rs', 'self.open.get(id).^unwrap', none), lacking)).toContain(
      'The compiler cannot be run here',
    );
  });
});

describe.skipIf(!hasCargo)('R7 parse (needs cargo)', () => {
  it('says what did not parse, and joins the import', async () => {
    expect(await fixed(at('src/config.rs', '.parse().^unwrap();', digit))).toMatchInlineSnapshot(`
      "R7 parse
      return an error where a step fails

      @@
      -use anyhow::Result;
      +use anyhow::{Context, Result};
       
       pub struct Config {
           pub port: u16,
      @@ pub struct Config {
       pub fn read(text: &str) -> Result<Config> {
           let mut parts = text.split_whitespace();
           let home = parts.next().unwrap().to_string();
      -    let port = parts.next().unwrap_or("80").parse().unwrap();
      +    let port = parts
      +        .next()
      +        .unwrap_or("80")
      +        .parse()
      +        .context("invalid port")?;
           Ok(Config { port, home })
       }
       
      "
    `);
  });
  it('says so in a text, without wrapping it twice', async () => {
    expect(await fixed(at('src/config.rs', 'Ok(port.parse().^unwrap', digit))).toMatchInlineSnapshot(`
      "R7 parse
      return an error where a step fails

      @@ pub fn read(text: &str) -> Result<Config> {
       
       pub fn port_of(address: &str) -> Result<u16, String> {
           let port = address.rsplit(':').next().unwrap_or_default();
      -    Ok(port.parse().unwrap())
      +    port.parse().map_err(|err| format!("invalid port: {err}"))
       }
      "
    `);
  });
  it('gives nothing where nothing may be returned', async () => {
    expect(await fixed(at('src/paths.rs', 'major.parse().^unwrap', digit))).toMatchInlineSnapshot(`
      "R7 parse
      return nothing where a text does not parse

      @@ pub fn label(path: &Path) -> Option<String> {
       
       pub fn version(tag: &str) -> Option<(u32, u32)> {
           let (major, minor) = tag.trim_start_matches('v').split_once('.')?;
      -    Some((major.parse().unwrap(), minor.parse().ok()?))
      +    Some((major.parse().ok()?, minor.parse().ok()?))
       }
       
       pub fn parent_name(path: &Path) -> Option<&str> {
      "
    `);
  });
});

describe.skipIf(!hasCargo)('R1 char boundary (needs cargo)', () => {
  it("uses the crate's own function", async () => {
    expect(await fixed(at('src/notes.rs', '^self.body[..240]', cut))).toMatchInlineSnapshot(`
      "R1 char boundary
      cut a long text between two characters

      @@ const LONGEST_LINE: usize = 72;
       impl Note {
           pub fn preview(&self) -> String {
               if self.body.len() > 240 {
      -            format!("{}…", &self.body[..240])
      +            format!("{}…", crate::words::clip(&self.body, 240))
               } else {
                   self.body.clone()
               }
      "
    `);
  });
  it('steps back to a whole character', async () => {
    const message = 'assertion failed: self.is_char_boundary(new_len)';
    expect(await fixed(at('src/notes.rs', 'line.^truncate', message))).toMatchInlineSnapshot(`
      "R1 char boundary
      cut a long text between two characters

      @@ impl Note {
       
           pub fn log_line(&self) -> String {
               let mut line = self.title.replace('\\n', " ");
      -        line.truncate(LONGEST_LINE);
      +        let mut end = LONGEST_LINE;
      +        while !line.is_char_boundary(end) {
      +            end -= 1;
      +        }
      +        line.truncate(end);
               line
           }
       
      "
    `);
  });
  it('uses the library where every promised compiler has it', async () => {
    expect(await fixed(at('src/notes.rs', '^self.body[..self.body.len()', cut), promiseNewer))
      .toMatchInlineSnapshot(`
      "R1 char boundary
      cut a long text between two characters

      @@ impl Note {
                   out,
                   "{}: {}",
                   self.title,
      -            &self.body[..self.body.len().min(80)]
      +            &self.body[..self.body.floor_char_boundary(80)]
               )
           }
       
      "
    `);
  });
});

describe.skipIf(!hasCargo)('R2 index (needs cargo)', () => {
  it('takes the first there is', async () => {
    expect(await fixed(at('src/tags.rs', '&^tags[0];', index))).toMatchInlineSnapshot(`
      "R2 index
      return nothing when there is no tag

      @@ use std::collections::HashMap;
       use anyhow::{Context, Result};
       
       pub fn first_tag(tags: &[String]) -> Option<&str> {
      -    let tag = &tags[0];
      +    let tag = tags.first()?;
           Some(tag.trim())
       }
       
      "
    `);
  });
  it('takes the last there is', async () => {
    expect(await fixed(at('src/tags.rs', '^tags[tags.len() - 1]', index))).toMatchInlineSnapshot(`
      "R2 index
      return nothing when there is no tag

      @@ pub fn first_tag(tags: &[String]) -> Option<&str> {
       }
       
       pub fn longest(tags: &[u32]) -> Option<u32> {
      -    Some(tags[tags.len() - 1])
      +    tags.last().copied()
       }
       
       pub fn host_of(line: &str) -> Result<String> {
      "
    `);
  });
  it('says what was not found', async () => {
    expect(await fixed(at('src/tags.rs', '^fields[1]', index))).toMatchInlineSnapshot(`
      "R2 index
      return an error when there is no host

      @@ pub fn longest(tags: &[u32]) -> Option<u32> {
       pub fn host_of(line: &str) -> Result<String> {
           let fields: Vec<&str> = line.split(' ').collect();
           let id: u32 = fields.first().context("id not found")?.parse()?;
      -    let host = fields[1];
      +    let host = *fields.get(1).context("host not found")?;
           Ok(format!("{id}@{host}"))
       }
       
      "
    `);
  });
  it('names the caller where the index was handed in', async () => {
    expect(await fixed(at('src/tags.rs', 'let tag = ^tags[at]', index))).toMatchInlineSnapshot(`
      "R2 index
      return nothing when there is no tag
      Symptom-level guard: the cause is the caller of \`tag_at\` that passed \`at\`, which \`tags\` does not have.
      @@ pub fn size_of(sizes: &HashMap<String, u32>, tag: &str) -> u32 {
       }
       
       pub fn tag_at(tags: &[u32], at: usize) -> Option<u32> {
      -    let tag = tags[at];
      +    let tag = *tags.get(at)?;
           Some(tag)
       }
       
      "
    `);
  });
});

describe.skipIf(!hasCargo)('R5 key (needs cargo)', () => {
  it('says which was not found', async () => {
    expect(await fixed(at('src/tags.rs', '^colors[tag]', key))).toMatchInlineSnapshot(`
      "R5 key
      return an error when there is no color
      Symptom-level guard: the cause is the caller of \`color_of\` that passed \`tag\`, which \`colors\` does not have.
      @@ pub fn host_of(line: &str) -> Result<String> {
       }
       
       pub fn color_of(colors: &HashMap<String, u32>, tag: &str) -> Result<u32> {
      -    let color = colors[tag];
      +    let color = *colors.get(tag).context("color not found")?;
           Ok(color)
       }
       
      "
    `);
  });
  it('hands on what the map says', async () => {
    expect(await fixed(at('src/tags.rs', '&^self.names[&code])', key))).toMatchInlineSnapshot(`
      "R5 key
      return nothing when there is no name
      Symptom-level guard: the cause is the caller of \`name\` that passed \`code\`, which \`self.names\` does not have.
      @@ pub struct Palette {
       
       impl Palette {
           pub fn name(&self, code: u8) -> Option<&String> {
      -        Some(&self.names[&code])
      +        self.names.get(&code)
           }
       
           pub fn short_name(&self, code: u8) -> Result<String, String> {
      "
    `);
  });
  it('goes on with what was found', async () => {
    expect(await fixed(at('src/tags.rs', 'Ok(^self.names[&code]', key))).toMatchInlineSnapshot(`
      "R5 key
      return an error when there is no name
      Symptom-level guard: the cause is the caller of \`short_name\` that passed \`code\`, which \`self.names\` does not have.
      @@ impl Palette {
           }
       
           pub fn short_name(&self, code: u8) -> Result<String, String> {
      -        Ok(self.names[&code].chars().take(3).collect())
      +        Ok(self
      +            .names
      +            .get(&code)
      +            .ok_or("name not found")?
      +            .chars()
      +            .take(3)
      +            .collect())
           }
       
           pub fn all(&self, codes: &[u8]) -> Vec<String> {
      "
    `);
  });
});

describe.skipIf(!hasCargo)('R4 subtract (needs cargo)', () => {
  it('repeats nothing where there is no room', async () => {
    expect(await fixed(at('src/table.rs', '^self.width - text.len()', subtract))).toMatchInlineSnapshot(`
      "R4 subtract
      stop at zero when a size would become negative

      @@ pub struct Table {
       
       impl Table {
           pub fn line(&self, text: &str) -> String {
      -        format!("{}{}", text, " ".repeat(self.width - text.len()))
      +        format!(
      +            "{}{}",
      +            text,
      +            " ".repeat(self.width.saturating_sub(text.len()))
      +        )
           }
       
           pub fn padding(&self, text: &str) -> usize {
      "
    `);
  });
  it('stops a size at zero', async () => {
    expect(await fixed(at('src/table.rs', '^self.width - text.chars', subtract))).toMatchInlineSnapshot(`
      "R4 subtract
      stop at zero when a size would become negative

      @@ impl Table {
           }
       
           pub fn padding(&self, text: &str) -> usize {
      -        let padding = self.width - text.chars().count();
      +        let padding = self.width.saturating_sub(text.chars().count());
               padding / 2
           }
       
      "
    `);
  });
  it('bounds a range', async () => {
    expect(await fixed(at('src/table.rs', '^self.rows.len() - 1).count', subtract))).toMatchInlineSnapshot(`
      "R4 subtract
      stop at zero when a size would become negative

      @@ impl Table {
           }
       
           pub fn separators(&self) -> usize {
      -        (0..self.rows.len() - 1).count()
      +        (0..self.rows.len().saturating_sub(1)).count()
           }
       
           pub fn room(&self, used_width: usize) -> Option<usize> {
      "
    `);
  });
  it('returns nothing where nothing may be returned', async () => {
    expect(await fixed(at('src/table.rs', '^self.width - used', subtract))).toMatchInlineSnapshot(`
      "R4 subtract
      return nothing when a size would be negative

      @@ impl Table {
           }
       
           pub fn room(&self, used_width: usize) -> Option<usize> {
      -        Some(self.width - used_width)
      +        self.width.checked_sub(used_width)
           }
       
           pub fn previous(&self) -> &str {
      "
    `);
  });
});

describe.skipIf(!hasCargo)('R6 lossy text (needs cargo)', () => {
  it('borrows what was handed over', async () => {
    expect(await fixed(at('src/telemetry.rs', 'from_utf8(output.stdout).^unwrap', utf8)))
      .toMatchInlineSnapshot(`
      "R6 lossy text
      show text that is not UTF-8 instead of panicking

      @@ pub fn say_version() {
               .arg("--version")
               .output()
               .unwrap_or_else(|_| std::process::exit(1));
      -    let text = String::from_utf8(output.stdout).unwrap();
      +    let text = String::from_utf8_lossy(&output.stdout);
           println!("git says {}", text.trim());
       }
       
      "
    `);
  });
  it('shows what it can', async () => {
    const line = 'eprintln!("unreadable: {}", std::str::from_utf8(bytes).^unwrap';
    expect(await fixed(at('src/telemetry.rs', line, utf8))).toMatchInlineSnapshot(`
      "R6 lossy text
      show text that is not UTF-8 instead of panicking

      @@ pub fn say_version() {
       }
       
       pub fn warn_of(bytes: &[u8]) {
      -    eprintln!("unreadable: {}", std::str::from_utf8(bytes).unwrap());
      +    eprintln!("unreadable: {}", String::from_utf8_lossy(bytes));
       }
       
       pub fn shown(bytes: &[u8]) -> String {
      "
    `);
  });
  it('needs no copy', async () => {
    const line = 'from_utf8(bytes.to_vec()).^unwrap';
    expect(await fixed(at('src/telemetry.rs', line, utf8))).toMatchInlineSnapshot(`
      "R6 lossy text
      show text that is not UTF-8 instead of panicking

      @@ pub fn warn_of(bytes: &[u8]) {
       }
       
       pub fn shown(bytes: &[u8]) -> String {
      -    let text = String::from_utf8(bytes.to_vec()).unwrap();
      +    let text = String::from_utf8_lossy(bytes);
           format!("<{text}>")
       }
       
      "
    `);
  });
});
