import { describe, expect, it } from 'vitest';
import { censor, censorShapes } from '../../src/run/censor.ts';

describe('censoring', () => {
  it.each([
    ['a GitHub token ghs_16C7e42F292c6912E7710c838347Ae178B4a.', 'a GitHub token [secret]'],
    ['ghs_1234_eyJhbGciOiJSUzI1NiJ9.c3V0dXJlLXRlc3Q.bm90LWEtcmVhbA', '[secret]'],
    ['github_pat_11ABCDEFG0abcdefghijkl_xyz', '[secret]'],
    ['sntrys_eyJpYXQiOjE3MDAwMDAwMDB9_abc/def+g= and sntryu_0123456789abcdef', '[secret] and [secret]'],
    ['Authorization: Bearer abc123def456', 'Authorization: Bearer [secret]'],
    ['Authorization: basic eDp5ejEyMzQ1Njc4', 'Authorization: basic [secret]'],
    ['https://me:hunter2@example.com/x', 'https://[secret]@example.com/x'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest', '[secret]\nrest'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE, cut off', '[secret]'],
    [
      'Basic functionality > bearer authentication works',
      'Basic functionality > bearer authentication works',
    ],
    [
      'see http://127.0.0.1:3000/a and file src/a.ts:10:4',
      'see http://127.0.0.1:3000/a and file src/a.ts:10:4',
    ],
  ])('makes %j into %j', (text, clean) => {
    expect(censorShapes(text)).toBe(clean);
  });

  it('replaces named secrets, the longest first, also as written in an address', () => {
    expect(censor('pass pass/word pass%2Fword', ['pass', 'pass/word'])).toBe('[secret] [secret] [secret]');
    expect(censor('a b c', ['a', ''])).toBe('a b c');
  });
});
