"""What bids have in common besides their text: properties, pictures, machines, people, bonds, mixed-up identities."""
