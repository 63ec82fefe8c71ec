import { en, type Messages } from '@carryon/vue'

const count = new Intl.NumberFormat('fr')
const files = (number: number) => `${count.format(number)} ${number < 2 ? 'fichier' : 'fichiers'}`

/** Untranslated messages stay in English. */
export const fr: Messages = {
  ...en,
  locale: 'fr',
  languageName: 'Français',

  dropTitle: 'Déposez vos fichiers ici',
  dropHint: 'Toutes tailles : un fichier, plusieurs, ou des dossiers entiers.',
  dropActive: 'Déposez pour envoyer',
  chooseFiles: 'Choisir des fichiers',
  chooseFolder: 'Choisir un dossier',
  uploads: 'Envois',
  finished: 'Terminés',
  unfinished: 'Inachevés',

  states: {
    ...en.states,
    uploading: 'Envoi en cours',
    paused: 'En pause',
    done: 'Terminé',
    failed: 'Échec',
  },
  waiting: { ...en.waiting, queue: 'En attente' },

  pause: 'Pause',
  resume: 'Reprendre',
  retry: 'Réessayer',
  cancel: 'Annuler',
  figureLabels: { progress: 'Progression', speed: 'Vitesse actuelle', timeLeft: 'Temps restant' },
  labelled: (label, value) => `${label} : ${value}`,
  timeLeft: (duration) => `${duration} restantes`,
  summary: ({ files: all, done, failed }) =>
    [
      `${count.format(done)} sur ${files(all)}`,
      ...(failed > 0 ? [`${count.format(failed)} en échec`] : []),
    ].join(', '),

  errors: {
    ...en.errors,
    network: {
      title: 'La connexion a été perdue.',
      advice: 'Vérifiez votre connexion et réessayez. Ce qui est déjà envoyé ne l’est pas une seconde fois.',
    },
  },
}
