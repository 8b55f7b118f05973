import type { Texts } from '../texts';

export const account: Texts['account'] = {
  lede: 'Ihr Profil, Ihr Passwort und alles, was in Ihrem Namen handeln darf.',
  profile: {
    heading: 'Profil',
    save: 'Profil speichern',
    saved: 'Ihr Profil ist gespeichert.',
    roles: 'Rollen',
  },
  password: {
    heading: 'Passwort',
    current: 'Jetziges Passwort',
    fresh: 'Neues Passwort',
    again: 'Neues Passwort wiederholen',
    action: 'Passwort ändern',
    sending: 'Passwort wird geändert …',
    consequence: 'Ein neues meldet Sie überall außer hier ab und widerruft Ihre API-Token.',
    changed: 'Ihr Passwort ist geändert. Alles andere, was in Ihrem Namen handelte, ist widerrufen.',
  },
  look: {
    heading: 'Darstellung',
    theme: 'Aussehen',
    language: 'Sprache',
    note: 'Merkt sich dieser Browser.',
  },
  tokens: { heading: 'Meine Token', create: 'Neues Token', others: 'Alle anderen widerrufen' },
  endOthers: {
    heading: 'Alle Ihre anderen Token widerrufen?',
    text: 'Jede andere Sitzung von Ihnen wird abgemeldet, und was eines Ihrer API-Token benutzt, hört auf zu gehen. Das lässt sich nicht rückgängig machen.',
    action: 'Alle anderen widerrufen',
    done: 'Alle Ihre anderen Token sind widerrufen.',
  },
  activity: { actor: 'Was ich getan habe', subject: 'Was mich betraf' },
};
