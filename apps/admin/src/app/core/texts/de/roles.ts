import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const roles: Texts['roles'] = {
  heading: 'Rollen',
  lede: 'Namen für das, was Menschen und Dienste dürfen.',
  search: 'Name oder Beschreibung suchen',
  count: (total) => count(total, 'Rolle', 'Rollen'),
  create: 'Neue Rolle',
  empty: { heading: 'Keine Rollen', text: 'Legen Sie eine an und geben Sie sie denen, die sie brauchen.' },
  columns: {
    name: 'Rolle',
    permissions: 'Berechtigungen',
    isBuiltIn: 'Art',
    userCount: 'Inhaber',
    creationTime: 'Angelegt',
  },
  sorts: {
    name: 'Name, A bis Z',
    '-name': 'Name, Z bis A',
    description: 'Beschreibung, A bis Z',
    '-isBuiltIn': 'Eingebaute zuerst',
    isBuiltIn: 'Eigene zuerst',
    '-userCount': 'Meiste Benutzer zuerst',
    '-creationTime': 'Neueste zuerst',
  },
  kinds: { true: 'Eingebaut', false: 'Eigene' },
  everything: 'Alles',
  label: 'Nur ein Kennzeichen',
  more: (hidden) => `+${hidden}`,
  holders: (users) => count(users, 'Benutzer', 'Benutzer'),
  noHolders: 'niemand',
  page: {
    back: 'Alle Rollen',
    heldBy: 'Inhaber:',
    description: 'Beschreibung',
    noDescription: 'Niemand hat gesagt, wozu diese Rolle dient.',
    copy: 'Ähnliche Rolle anlegen',
    delete: 'Löschen',
    save: 'Änderungen speichern',
    saved: (name) => `${name} ist gespeichert und gilt ab der nächsten Anfrage der Inhaber.`,
    unsaved: 'Nicht gespeicherte Änderungen',
    discard: 'Verwerfen',
    raw: 'Rohes JSON',
    deleted: (name) => `${name} ist gelöscht`,
    inUse: (name, users) =>
      `${count(users, 'Benutzer hat', 'Benutzer haben')} die Rolle ${name}. Nehmen Sie sie zuerst zurück; dann lässt sie sich löschen.`,
    showHolders: 'Inhaber zeigen',
  },
  readOnly: {
    builtIn: 'Diese Rolle ist eingebaut: Jeder Server hat sie, und niemand kann sie ändern oder löschen.',
    noWrite: 'Sie dürfen Rollen ansehen, aber nicht ändern: Dafür braucht es roles:write.',
    above: (permissions) =>
      `Diese Rolle gibt ${permissions}. Das haben Sie selbst nicht; deshalb können Sie die Rolle nicht ändern.`,
  },
  form: {
    heading: 'Neue Rolle',
    lede: 'Wählen Sie, was ihre Inhaber dürfen, oder nichts für ein bloßes Kennzeichen.',
    name: 'Name',
    nameHint: 'Kleinbuchstaben, Ziffern und Bindestriche. Dienste sehen ihn; er ändert sich nie.',
    description: 'Beschreibung',
    descriptionHint: 'Wozu die Rolle dient, in einem Satz.',
    action: 'Rolle anlegen',
    sending: 'Wird angelegt …',
    created: (name) => `${name} ist angelegt`,
  },
  grid: {
    heading: 'Berechtigungen',
    resource: 'Ressource',
    missing: 'diese Berechtigung gibt es nicht',
    above: 'Das haben Sie selbst nicht, und niemand gibt, was er nicht hat.',
    someAbove: 'Was Sie selbst nicht haben, lässt sich nicht wählen: Niemand gibt, was er nicht hat.',
  },
  meaning: {
    heading: 'Was das erlaubt',
    besides: 'Wer diese Rolle hat, darf außer dem eigenen Konto und den eigenen Token:',
    label:
      'Nichts, was andere nicht auch dürfen: Diese Rolle ist ein Kennzeichen. Dienste hinter diesem Server sehen es in X-Auth-Roles und entscheiden selbst, was es bedeutet.',
    warnings: {
      administrator: 'Alles, was es gibt: Wer diese Rolle hat, ist Administrator.',
      everything:
        'Alles, was es derzeit gibt: Wer diese Rolle hat, ist Administrator. Was Funktionsmodule später hinzufügen, ist nicht dabei; das bekommt nur die Rolle admin.',
      password: 'Wer sie hat, kann für alle handeln, die nicht mehr dürfen: mit einem neuen Passwort.',
      token: 'Wer sie hat, kann für alle handeln, die nicht mehr dürfen: mit einem Token in ihrem Namen.',
      passwordOrToken:
        'Wer sie hat, kann für alle handeln, die nicht mehr dürfen: mit einem neuen Passwort oder einem Token in ihrem Namen.',
      roles: 'Wer sie hat, kann ändern, was andere dürfen, mit jeder eigenen Berechtigung.',
    },
    unseen: (resource) =>
      `Ohne ${resource}:read lässt sich ändern, was nicht zu sehen ist; auch die Konsole zeigt es dann nicht.`,
  },
};
