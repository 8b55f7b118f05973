/** Names of pages that load the texts of features. */
export const featurePages = {
  events: 'Events',
  eventTarget: 'Event target',
  newEventTarget: 'New event target',
  newTemplate: 'New template',
  requestToken: 'Request a token',
  newRole: 'New role',
  newApi: 'New API',
  protectApi: 'Protect an API',
  rejection: 'Rejection',
  setUp: 'Choose a password',
  lostPassword: 'Forgot your password?',
  claim: 'Create a token',
};
