/** Ids and instants of the examples in the documents, so that one thing has one id throughout. */
export const sampleIds = {
  organization: '01981c5e-8f00-7000-8000-000000000001',
  user: '01981c5e-8f00-7000-8000-000000000002',
  sender: '01981c5e-8f00-7000-8000-000000000003',
  contactPoint: '01981c5e-8f00-7000-8000-000000000004',
  token: '01981c5e-8f00-7000-8000-000000000005',
  trigger: '01981c5e-8f00-7000-8000-000000000006',
  notification: '01981c5e-8f00-7000-8000-000000000007',
  channel: '01981c5e-8f00-7000-8000-000000000008',
  delivery: '01981c5e-8f00-7000-8000-000000000009',
  attempt: '01981c5e-8f00-7000-8000-00000000000a',
  target: '01981c5e-8f00-7000-8000-00000000000b',
  preference: '01981c5e-8f00-7000-8000-00000000000c',
  template: '01981c5e-8f00-7000-8000-00000000000d',
  rule: '01981c5e-8f00-7000-8000-00000000000e',
  /** No id, but it is replaced like one by who tries an example out. */
  refreshToken: 'Wm4qVb8sXk-7dGhJ2kLpQ9rTzYc3vBnM5xNfA6uEoRiPw',
} as const;

export const sampleInstants = {
  created: '2026-03-01T08:00:00.000Z',
  placed: '2026-03-01T08:00:00.045Z',
  sent: '2026-03-01T08:00:00.310Z',
  read: '2026-03-01T08:12:30.000Z',
  scheduled: '2026-03-02T09:00:00.000Z',
  expires: '2026-03-08T08:00:00.000Z',
  /** In requests that must name an instant to come: who tries them out gets the answer that is shown. */
  farAway: '2099-03-08T08:00:00.000Z',
  late: '2026-03-01T22:14:00.000Z',
  morning: '2026-03-02T06:00:37.000Z',
} as const;

export const samplePosition = '3f9k2m7q.1042';
