// Who may approve. Doubt means no (promise 4).

type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

const order: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

/** True when the role is at least the one required. */
export function hasRole(role: Role, required: Role): boolean {
  return order.indexOf(role) >= order.indexOf(required);
}
