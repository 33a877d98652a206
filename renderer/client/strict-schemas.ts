import { z } from 'zod'

// The content security policy forbids code made from text, which zod would try out of itself. Imported before any
// schema is used.
z.config({ jitless: true })
