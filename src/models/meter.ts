// Reads what an answer used while it flows by. It must not hold it up, and never keeps more than it must.

import { StringDecoder } from 'node:string_decoder';
import { mergeUsage, readUsage } from '../domain/agent/model-usage.ts';
import type { Usage } from '../domain/agent/spending.ts';

const longest = 8 * 1024 * 1024;

/** Takes the answer's chunks as they pass. */
export class Meter {
  readonly #streamed: boolean;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #usage: Usage | null = null;
  #bytes = 0;

  constructor(contentType: string) {
    this.#streamed = /text\/event-stream/i.test(contentType);
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    this.#rest += this.#decoder.write(Buffer.from(chunk));
    if (this.#streamed) this.#readLines();
    if (this.#rest.length > longest) this.#rest = '';
  }

  /** What is known so far; null while the answer has said nothing. */
  get usage(): Usage | null {
    return this.#usage;
  }

  /** What the whole answer used; a guess from its length when it never said. */
  end(requestBytes: number): Usage {
    if (this.#streamed) this.#readLine(this.#rest);
    else this.#read(this.#rest);
    return this.#usage ?? guess(requestBytes, this.#bytes);
  }

  #readLines(): void {
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
  }

  #readLine(line: string): void {
    if (line.startsWith('data:') && /usage/i.test(line)) this.#read(line.slice('data:'.length));
  }

  #read(text: string): void {
    try {
      this.#usage = mergeUsage(this.#usage, readUsage(JSON.parse(text)));
    } catch {
      // Not JSON, so it says nothing of usage.
    }
  }
}

const bytesOfToken = 4;

/** Too high rather than free. */
function guess(requestBytes: number, answerBytes: number): Usage {
  return {
    input: Math.ceil(requestBytes / bytesOfToken),
    output: Math.ceil(answerBytes / bytesOfToken),
    cacheRead: 0,
    cacheWrite: 0,
  };
}
