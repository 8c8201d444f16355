import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sessions } from '../src/sessions.ts';

test('a session can be found until it ends', () => {
  const sessions = new Sessions();
  const { id } = sessions.start('ada');
  assert.equal(sessions.find(id)?.customer, 'ada');
  sessions.end(id);
  assert.equal(sessions.find(id), undefined);
});

test('signing in again ends the session before', () => {
  const sessions = new Sessions();
  const first = sessions.start('ada');
  const second = sessions.start('ada');
  assert.equal(sessions.find(first.id), undefined);
  assert.equal(sessions.find(second.id)?.id, second.id);
});
