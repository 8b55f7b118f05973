import type { Texts } from '../texts';

export const session: Texts['session'] = {
  signIn: {
    heading: 'Anmelden',
    lede: 'an der Latchkey-Konsole',
    name: 'Name',
    password: 'Passwort',
    action: 'Anmelden',
    sending: 'Anmeldung läuft …',
    refused: 'Name oder Passwort ist falsch, oder das Konto ist deaktiviert.',
    forgotten: 'Passwort vergessen? Fragen Sie einen Administrator.',
    insecure:
      'Diese Seite kam unverschlüsselt über http. Sie können sich anmelden, aber Neuladen meldet Sie ab, und Ihr Passwort ist unterwegs lesbar. Nehmen Sie https.',
    notices: {
      'session-ended': 'Ihre Sitzung ist zu Ende. Melden Sie sich an, um fortzufahren.',
      'signed-out': 'Sie sind abgemeldet.',
      'signed-out-elsewhere': 'Sie haben sich in einem anderen Tab abgemeldet.',
      'password-set': 'Ihr Passwort ist gesetzt. Melden Sie sich jetzt damit an.',
    },
  },
  again: {
    as: 'Als',
    ended: {
      heading: 'Ihre Sitzung ist zu Ende',
      text: 'Melden Sie sich wieder an, um hier weiterzumachen. Nichts geht verloren.',
      leave: 'Abmelden',
    },
    ending: {
      heading: 'Neue Sitzung beginnen',
      text: 'Die jetzige endet bald. Melden Sie sich jetzt neu an, und Sie machen hier weiter.',
      leave: 'Abbrechen',
    },
  },
  warning: {
    text: 'Ihre Sitzung endet',
    action: 'Neu anmelden',
  },
  language: 'Sprache',
  theme: 'Aussehen',
  accountPrefix: 'Konto von ',
  signOut: 'Abmelden',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  note: (browser) => `Konsole, ${browser}`,
  browser: (name, system) => [name ?? 'Browser', system].filter(Boolean).join(' unter '),
};
