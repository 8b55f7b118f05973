import type { Texts } from '../texts';

export const signInAgain: Texts['signInAgain'] = {
  user: 'Benutzer:',
  expired: {
    heading: 'Ihre Sitzung ist abgelaufen',
    text: 'Melden Sie sich wieder an, um fortzufahren. Ungespeicherte Änderungen bleiben erhalten.',
  },
  expiring: {
    heading: 'Sitzung erneuern',
    text: 'Ihre Sitzung läuft bald ab. Melden Sie sich erneut an, um weiterzuarbeiten.',
  },
};

export const stepUp: Texts['stepUp'] = {
  heading: 'Bestätigen Sie, dass Sie es sind',
  texts: {
    'step-up':
      'Ihre letzte Anmeldung liegt für diese Änderung zu lange zurück. Ihre Eingaben bleiben erhalten.',
    enrolment: 'Ihr Konto erfordert einen zweiten Faktor. Verwenden Sie Ihren, um fortzufahren.',
  },
  passkey: 'Passkey verwenden',
  action: 'Bestätigen',
  sending: 'Wird geprüft …',
};
