import type { Texts } from '../texts';

export const session: Texts['session'] = {
  signIn: {
    lead: 'an der Latchkey-Konsole',
    sending: 'Anmeldung läuft …',
    rejected: 'Name oder Passwort ist falsch, oder das Konto ist deaktiviert.',
    forgotten: 'Passwort vergessen? Wenden Sie sich an einen Administrator.',
    forgottenLink: 'Passwort vergessen?',
    insecure:
      'Diese Seite wurde unverschlüsselt über HTTP geladen. Ihr Passwort kann unterwegs mitgelesen werden, und beim Neuladen werden Sie abgemeldet. Verwenden Sie HTTPS.',
    notices: {
      'session-ended': 'Ihre Sitzung ist abgelaufen. Melden Sie sich wieder an, um fortzufahren.',
      'signed-out': 'Sie sind abgemeldet.',
      'signed-out-elsewhere': 'Sie haben sich in einem anderen Tab abgemeldet.',
      'password-set': 'Ihr Passwort ist festgelegt. Sie können sich jetzt damit anmelden.',
    },
  },
  code: {
    label: 'Code',
    hint: 'Aus Ihrer Authenticator-App, oder ein Wiederherstellungscode.',
    rejected: 'Der Code ist falsch oder wurde schon verwendet. Geben Sie den nächsten ein.',
  },
  passkey: {
    signIn: 'Mit Passkey anmelden',
    waiting: 'Warten auf den Passkey …',
    unused: 'Es wurde kein Passkey verwendet.',
    rejected: 'Der Passkey ist hier unbekannt, oder das Konto ist deaktiviert.',
    unavailable: 'Auf diesem Server sind keine Passkeys eingerichtet.',
  },
  warning: {
    text: 'Ihre Sitzung läuft ab:',
    action: 'Neu anmelden',
  },
  accountPrefix: 'Konto von ',
  signOut: 'Abmelden',
  themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
  note: (browser) => `Konsole, ${browser}`,
  browser: (name, system) => [name ?? 'Browser', system].filter(Boolean).join(' unter '),
};
