"""Who comes in and how long they may take: connections, requests, limits by address."""
