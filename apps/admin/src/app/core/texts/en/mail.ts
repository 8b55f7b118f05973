/** Links by e-mail, and the person responsible for a service. */
export const mail = {
  responsible: 'Person responsible',
  responsibleHint: 'User or address that gets the e-mail about the service',
  label: (address: string) => `Send the link to ${address}`,
  sent: (address: string) => `Link sent to ${address}.`,
  failed: (reason: string) => `The link was not sent: ${reason}`,
};

/** A password or link that is shown once. */
export const handover = {
  password: 'Give this password to the user. It is shown only once.',
  link: 'Give this link to the user, who can choose a password with it once. It is shown only once.',
  leave: {
    heading: 'Close without copying?',
    text: {
      password: 'The password is shown only once. If you lose it, you have to set another one.',
      link: 'The link is shown only once. If you lose it, you have to create another one.',
    },
    action: 'Close',
  },
};
