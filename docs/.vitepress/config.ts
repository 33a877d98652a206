import { defineConfig } from 'vitepress'

/** The guide. A link that leads nowhere ends its build. */
export default defineConfig({
  title: 'Maskwright',
  description: 'Segment and track objects in video, on your own machine',
  lang: 'en',
  cleanUrls: true,
  // The pages speak of files of the repository, which the site does not hold.
  ignoreDeadLinks: [/^https?:\/\/localhost/, /\.\.\/(models|LICENSE|test)/],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'Guide',
        items: [
          { text: 'First ten minutes', link: '/first-ten-minutes' },
          { text: 'Prompting well', link: '/prompting' },
          { text: 'Correcting', link: '/correcting' },
          { text: 'Other videos', link: '/other-videos' },
          { text: 'Models and devices', link: '/models-and-devices' },
          { text: 'Many machines', link: '/many-machines' },
          { text: 'Keyboard', link: '/keyboard' },
          { text: 'Troubleshooting', link: '/troubleshooting' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Formats', link: '/formats' },
          { text: 'Performance', link: '/performance' },
          { text: 'Scale', link: '/scale' },
        ],
      },
      {
        text: 'For contributors',
        items: [
          { text: 'Architecture', link: '/architecture' },
          { text: 'Packaging', link: '/packaging' },
          { text: 'Why projects are SQLite files', link: '/decisions/0001-project-store' },
        ],
      },
    ],
  },
})
