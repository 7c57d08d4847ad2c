"""What two bids share beyond the tender document: exact places in both texts, through changed signs, edits and order."""
